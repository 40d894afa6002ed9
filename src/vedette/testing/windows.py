"""Messages of Windows networks, made from their fields: SMB 1 and 2, remote procedure calls, NTLM, Kerberos, Remote Desktop.

For tests and drills; a message holds what a reader looks at, the rest is zero.
"""

from __future__ import annotations

import struct
from uuid import UUID

SVCCTL = "367abb81-9844-35f1-ad32-98f038001003"
SAMR = "12345778-1234-abcd-ef00-0123456789ac"
NETLOGON = "12345678-1234-abcd-ef00-01234567cffb"
DRSUAPI = "e3514235-4b06-11d1-ab04-00c04fc2dcd2"
PRIVACY = 6
_REPRESENTATION = b"\x10\0\0\0"
_NDR = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + b"\2\0\0\0"


def wide(text: str) -> bytes:
    """Return text as Windows writes it."""
    return text.encode("utf-16-le")


def pdu(kind: int, body: bytes, *, call: int = 1, flags: int = 3, level: int = 0) -> bytes:
    """Return a DCE/RPC message; ``level`` adds the trailer of a protected one."""
    token = b"\0" * 16 if level else b""
    trailer = bytes((10, level, 0, 0)) + b"\0" * 4 + token if level else b""
    size = 16 + len(body) + len(trailer)
    return bytes((5, 0, kind, flags)) + _REPRESENTATION + struct.pack("<HHI", size, len(token), call) + body + trailer


def bind(uuid: str, *, context: int = 0, call: int = 1, kind: int = 11, token: bytes = b"") -> bytes:
    """Return a bind (11) or the change of a context (14); ``token`` authenticates it."""
    one = struct.pack("<HBx", context, 1) + UUID(uuid).bytes_le + b"\1\0\0\0" + _NDR
    body = struct.pack("<HHIB3x", 4280, 4280, 0, 1) + one
    if not token:
        return pdu(kind, body, call=call)
    size = 16 + len(body) + 8 + len(token)
    head = bytes((5, 0, kind, 3)) + _REPRESENTATION + struct.pack("<HHI", size, len(token), call)
    return head + body + bytes((10, 2, 0, 0)) + b"\0" * 4 + token


def request(  # noqa: PLR0913 - an argument for each field
    number: int, stub: bytes = b"", *, call: int = 1, context: int = 0, level: int = 0, flags: int = 3, of: bytes = b""
) -> bytes:
    """Return a call; ``of`` is the object that it is made of (sixteen bytes)."""
    body = struct.pack("<IHH", len(stub), context, number) + of + stub
    return pdu(0, body, call=call, level=level, flags=flags | (0x80 if of else 0))


def response(stub: bytes = b"\0\0\0\0", *, call: int = 1, level: int = 0) -> bytes:
    """Return what a call returned: results and a code of four bytes."""
    return pdu(2, struct.pack("<IHBx", len(stub), 0, 0) + stub, call=call, level=level)


def fault(code: int, *, call: int = 1) -> bytes:
    """Return the refusal of a call."""
    return pdu(3, struct.pack("<IHBxII", 0, 0, 0, code, 0), call=call)


def smb2(command: int, body: bytes, *, ident: int = 1, tree: int = 1, status: int | None = None) -> bytes:
    """Return a framed SMB 2 message; a response where a status is given."""
    flags = 0 if status is None else 1
    head = struct.pack(
        "<4sHHIHHIIQIIQ16s", b"\xfeSMB", 64, 0, status or 0, command, 1, flags, 0, ident, 0, tree, 7, b""
    )
    return framed(head + body)


def framed(message: bytes) -> bytes:
    """Return a message behind its length, as it goes over TCP."""
    return struct.pack(">I", len(message)) + message


def connect(path: str) -> bytes:
    """Return the body of a tree connect."""
    return struct.pack("<HHHH", 9, 0, 72, len(wide(path))) + wide(path)


def connected(kind: int = 1) -> bytes:
    """Return the body of its response: a disk (1), a pipe (2), a printer (3)."""
    return struct.pack("<HBB12x", 16, kind, 0)


def create(name: str, disposition: int = 1) -> bytes:
    """Return the body of a create."""
    head = struct.pack("<HBBI16xIIIIIHHII", 57, 0, 0, 2, 0, 0, 0, disposition, 0, 120, len(wide(name)), 0, 0)
    return head + wide(name)


def created(file: bytes) -> bytes:
    """Return the body of its response; ``file`` is the handle, sixteen bytes."""
    return struct.pack("<HBBI32x16xII", 89, 0, 0, 1, 0, 0) + file + b"\0" * 8


def write(file: bytes, content: bytes, offset: int = 0) -> bytes:
    """Return the body of a write."""
    return struct.pack("<HHIQ", 49, 112, len(content), offset) + file + b"\0" * 16 + content


def read(file: bytes) -> bytes:
    """Return the body of a read."""
    return struct.pack("<HBBIQ", 49, 80, 0, 1024, 0) + file + b"\0" * 17


def got(content: bytes) -> bytes:
    """Return the body of its response."""
    return struct.pack("<HBBIII", 17, 80, 0, len(content), 0, 0) + content


def transceive(file: bytes, content: bytes) -> bytes:
    """Return the body of a write to a pipe that waits for its answer."""
    return (
        struct.pack("<HHI", 57, 0, 0x0011_C017)
        + file
        + struct.pack("<IIIIIIII", 120, len(content), *(0,) * 6)
        + content
    )


def transceived(file: bytes, content: bytes) -> bytes:
    """Return the body of its response."""
    head = struct.pack("<HHI", 49, 0, 0x0011_C017) + file
    return head + struct.pack("<IIIIII", 112, 0, 112, len(content), 0, 0) + content


def ntlm(user: str, domain: str = "CORP", host: str = "PC1") -> bytes:
    """Return an AUTHENTICATE message of NTLM."""
    parts = [wide(domain), wide(user), wide(host)]
    offset, fields = 64, b""
    for part in parts:
        fields += struct.pack("<HHI", len(part), len(part), offset)
        offset += len(part)
    return b"NTLMSSP\0\3\0\0\0" + b"\0" * 16 + fields + b"\0" * 8 + b"\1\0\0\0" + b"".join(parts)


def smb1(command: int, words: bytes, content: bytes = b"", *, ident: int = 1, status: int | None = None) -> bytes:
    """Return a framed SMB 1 message in Unicode; a response where a status is given."""
    head = struct.pack("<4sBIBH", b"\xffSMB", command, status or 0, 0 if status is None else 0x80, 0x8000)
    head += struct.pack("<12xHHHH", 1, 2, 3, ident)
    return framed(head + bytes((len(words) // 2,)) + words + struct.pack("<H", len(content)) + content)


def der(tag: int, *parts: bytes) -> bytes:
    """Return an element of ASN.1."""
    content = b"".join(parts)
    size = len(content)
    length = bytes((size,)) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes((tag,)) + length + content


def _principal(*names: str) -> bytes:
    parts = [der(0x1B, n.encode()) for n in names]
    return der(0x30, der(0xA0, der(0x02, b"\1")), der(0xA1, der(0x30, *parts)))


def ticket_request(user: str, realm: str, service: tuple[str, ...] = ("krbtgt", "R"), *, tag: int = 0x6A) -> bytes:
    """Return a Kerberos request: for a ticket (0x6A), or for a ticket to a service (0x6C)."""
    names = [der(0xA1, _principal(user))] if user else []
    body = der(
        0x30,
        der(0xA0, der(0x03, b"\0" * 5)),
        *names,
        der(0xA2, der(0x1B, realm.encode())),
        der(0xA3, _principal(*service)),
    )
    return der(tag, der(0x30, der(0xA1, der(0x02, b"\5")), der(0xA2, der(0x02, b"\x0a")), der(0xA4, body)))


def ticket(user: str, realm: str, etype: int = 18, *, tag: int = 0x6B) -> bytes:
    """Return the answer that holds a ticket."""
    sealed = der(0x30, der(0xA0, der(0x02, bytes((etype,)))), der(0xA2, der(0x04, b"secret")))
    inner = der(0x61, der(0x30, der(0xA0, der(0x02, b"\5")), der(0xA3, sealed)))
    who = der(0xA4, _principal(user))
    return der(tag, der(0x30, der(0xA0, der(0x02, b"\5")), der(0xA3, der(0x1B, realm.encode())), who, der(0xA5, inner)))


def kerberos_error(code: int) -> bytes:
    """Return an error."""
    return der(
        0x7E, der(0x30, der(0xA0, der(0x02, b"\5")), der(0xA6, der(0x02, bytes((code,)))), der(0xA9, der(0x1B, b"R")))
    )


def desktop_request(user: str = "") -> bytes:
    """Return the connection request of Remote Desktop."""
    content = f"Cookie: mstshash={user}\r\n".encode() if user else b""
    content += struct.pack("<BBHI", 1, 0, 8, 3)
    return _tpkt(b"\xe0\0\0\0\0\0" + content)


def desktop_confirm(protocol: int = 2, *, refused: bool = False) -> bytes:
    """Return its answer: what was chosen, or why not."""
    return _tpkt(b"\xd0\0\0\0\0\0" + struct.pack("<BBHI", 3 if refused else 2, 0, 8, protocol))


def _tpkt(content: bytes) -> bytes:
    return struct.pack(">BBHB", 3, 0, 5 + len(content), len(content)) + content
