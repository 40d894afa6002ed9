"""SMB 2 and 3 in the clear (MS-SMB2, 2.2): the few messages that say what is opened, and what is said to a pipe."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from vedette.sources.pcap.ntlm import readable
from vedette.sources.pcap.smb_message import (
    CLOSE,
    CONNECT,
    CREATE,
    LOGON,
    NAME_BYTES,
    NEGOTIATE,
    PIPE,
    READ,
    SHARE_TYPES,
    WRITE,
    Message,
)

MAGIC: Final = b"\xfeSMB"
HEADER_BYTES: Final = 64
CHAIN_LIMIT: Final = 32
_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")
_COMMANDS: Final = {0: NEGOTIATE, 1: LOGON, 3: CONNECT, 5: CREATE, 6: CLOSE, 8: READ, 9: WRITE, 11: PIPE}
_RESPONSE, _ASYNC, _RELATED = 1, 2, 4
_PIPE_TRANSCEIVE: Final = 0x0011_C017
_ACTIVITIES: Final = {0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6}
"""CreateDisposition -> OCSF's activity: superseded, opened, created, opened or created, overwritten, overwritten or created."""
DIALECTS: Final = {0x0202: "2.0.2", 0x0210: "2.1", 0x0300: "3.0", 0x0302: "3.0.2", 0x0311: "3.1.1", 0x02FF: "2.?"}


def messages(raw: bytes) -> Iterator[Message]:
    """Yield the messages of a chain, as far as they can be read."""
    for _ in range(CHAIN_LIMIT):
        if len(raw) < HEADER_BYTES or raw[:4] != MAGIC:
            return
        following = int.from_bytes(raw[20:24], "little")
        part = raw[:following] if following >= HEADER_BYTES else raw
        if message := read(part):
            yield message
        if following < HEADER_BYTES:
            return
        raw = raw[following:]


def read(raw: bytes) -> Message | None:
    """Return the message in ``raw``, or None for one that tells nothing."""
    _, _, _, status, command, _, flags, _, ident, _, tree, _, _ = _HEADER.unpack_from(raw)
    kind = _COMMANDS.get(command)
    if kind is None:
        return None
    response = bool(flags & _RESPONSE)
    if flags & _ASYNC:
        tree = 0
    head = Message(kind, response, status if response else 0, ident, tree)
    reader = (_RESPONSES if response else _REQUESTS).get(kind)
    try:
        return reader(head, raw) if reader else head
    except struct.error:  # cut off
        return head


def _part(raw: bytes, offset: int, size: int) -> bytes:
    return raw[offset : offset + size] if offset >= HEADER_BYTES else b""


def _logon(head: Message, raw: bytes) -> Message:
    return head._replace(raw=raw)


def _connect(head: Message, raw: bytes) -> Message:
    offset, size = struct.unpack_from("<HH", raw, 68)
    return head._replace(name=readable(_part(raw, offset, min(size, NAME_BYTES))))


def _create(head: Message, raw: bytes) -> Message:
    (disposition,) = struct.unpack_from("<I", raw, 64 + 36)
    offset, size = struct.unpack_from("<HH", raw, 64 + 44)
    name = readable(_part(raw, offset, min(size, NAME_BYTES)))
    return head._replace(name=name, activity=_ACTIVITIES.get(disposition, 99))


def _write(head: Message, raw: bytes) -> Message:
    offset, size, where = struct.unpack_from("<HIQ", raw, 66)
    return head._replace(file=raw[80:96], data=_part(raw, offset, size), offset=where, size=size)


def _read(head: Message, raw: bytes) -> Message:
    return head._replace(file=raw[80:96])


def _close(head: Message, raw: bytes) -> Message:
    return head._replace(file=raw[72:88])


def _pipe(head: Message, raw: bytes) -> Message | None:
    (control,) = struct.unpack_from("<I", raw, 68)
    offset, size = struct.unpack_from("<II", raw, 64 + 24)
    return head._replace(file=raw[72:88], data=_part(raw, offset, size)) if control == _PIPE_TRANSCEIVE else None


def _negotiated(head: Message, raw: bytes) -> Message:
    (dialect,) = struct.unpack_from("<H", raw, 68)
    return head._replace(name=DIALECTS.get(dialect, f"0x{dialect:04x}"))


def _connected(head: Message, raw: bytes) -> Message:
    return head._replace(share_type=SHARE_TYPES.get(raw[66]) if len(raw) > 66 else None)  # noqa: PLR2004


def _created(head: Message, raw: bytes) -> Message:
    return head._replace(file=raw[128:144])


def _got(head: Message, raw: bytes) -> Message:
    _, offset, _, size = struct.unpack_from("<HBBI", raw, 64)
    return head._replace(data=_part(raw, offset, size))


def _piped(head: Message, raw: bytes) -> Message | None:
    (control,) = struct.unpack_from("<I", raw, 68)
    offset, size = struct.unpack_from("<II", raw, 64 + 32)
    return head._replace(file=raw[72:88], data=_part(raw, offset, size)) if control == _PIPE_TRANSCEIVE else None


_REQUESTS = {
    LOGON: _logon,
    CONNECT: _connect,
    CREATE: _create,
    CLOSE: _close,
    READ: _read,
    WRITE: _write,
    PIPE: _pipe,
}
_RESPONSES = {NEGOTIATE: _negotiated, CONNECT: _connected, CREATE: _created, READ: _got, PIPE: _piped}
