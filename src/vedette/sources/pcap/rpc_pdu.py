"""Connection-oriented DCE/RPC messages as they stand on the wire (C706, 12.6; MS-RPCE, 2.2): over TCP, or inside of an SMB pipe."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple
from uuid import UUID

from vedette.events.rpc import CLASSES

REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, ALTER, ALTER_ACK, AUTH3 = 0, 2, 3, 11, 12, 13, 14, 15, 16
HEADER_BYTES: Final = 16
_FIRST, _LAST, _OBJECT = 0x01, 0x02, 0x80
_LITTLE = 0x10
PRIVACY: Final = 6
"""RPC_C_AUTHN_LEVEL_PKT_PRIVACY: the arguments are encrypted, the operation's number is not."""
CONTEXT_LIMIT: Final = 32
STUB_LIMIT: Final = 4_096
"""Bytes of a call's arguments in which texts are looked for."""
TEXT_LIMIT: Final = 6
TEXT_CHARACTERS: Final = 200
PDU_LIMIT: Final = 64
"""Messages of one segment, or of one write, that are read."""
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){3,}")
_NARROW = re.compile(rb"[\x20-\x7e]{6,}")
_CLSIDS = {UUID(text).bytes_le: name for text, name in CLASSES.items()}
_ORPC_THIS: Final = b"\x05\x00"
_ORPC_VERSIONS = 8
OBJREF: Final = b"MEOW"
"""Begins a marshalled object (MS-DCOM, 2.2.18): an activation request holds one."""


class Pdu(NamedTuple):
    """One message.

    Attributes:
        kind: its type.
        call: the number that joins a request and its response.
        context: the presentation context, of a request or response.
        number: the operation.
        stub: the arguments or results, without what authenticates them.
        level: how they are protected.
        whole: the message is neither a fragment nor cut off.
        size: its length, which may go beyond what was seen.
        code: the status of a fault.
        bound: context -> interface, of a bind.
        has_object: the call names an object (DCOM).
    """

    kind: int
    call: int
    size: int
    first: bool = True
    whole: bool = True
    context: int = 0
    number: int = 0
    stub: bytes = b""
    level: int = 0
    code: int = 0
    bound: tuple[tuple[int, str], ...] = ()
    has_object: bool = False


def begins(raw: bytes) -> bool:
    """Say whether bytes begin a message: version 5.0 or 5.1, a type that exists, a data representation that exists."""
    return (
        len(raw) >= HEADER_BYTES
        and raw[0] == 5  # noqa: PLR2004
        and raw[1] <= 1
        and raw[2] <= 19  # noqa: PLR2004 - orphaned
        and raw[4] in (0, _LITTLE)
        and raw[5] <= 3  # noqa: PLR2004 - floating point
        and raw[6:8] == b"\0\0"
        and size_of(raw) >= HEADER_BYTES
    )


def size_of(raw: bytes) -> int:
    """Return the length that a header announces."""
    return int.from_bytes(raw[8:10], "little" if raw[4] & _LITTLE else "big")


def pdus(raw: bytes) -> Iterator[Pdu]:
    """Yield the messages that stand one behind the other."""
    for _ in range(PDU_LIMIT):
        if not begins(raw):
            return
        pdu = read(raw)
        yield pdu
        raw = raw[pdu.size :]


def read(raw: bytes) -> Pdu:
    """Return the message at the start of ``raw``, of which the end may be missing; ``begins(raw)`` holds."""
    mark = "<" if raw[4] & _LITTLE else ">"
    kind, flags = raw[2], raw[3]
    size, auth, call = struct.unpack_from(mark + "HHI", raw, 8)
    whole = len(raw) >= size
    body = raw[HEADER_BYTES : max(size, HEADER_BYTES)]
    level, tail = 0, 0
    if auth and whole and len(body) >= auth + 8:
        _, level, padding = body[-auth - 8 : -auth - 5]
        tail = auth + 8 + padding
    elif auth:
        level = PRIVACY  # not seen: nothing is read out of it
    plain = body[: len(body) - tail] if tail else body
    head = Pdu(kind, call, size, bool(flags & _FIRST), whole and bool(flags & _LAST), level=level)
    if kind in (BIND, ALTER):
        return head._replace(bound=_bound(body, mark))
    if kind not in (REQUEST, RESPONSE, FAULT) or len(plain) < 8:  # noqa: PLR2004 - hint, context, number
        return head
    context, number = struct.unpack_from(mark + "HH", plain, 4)
    stub = plain[8:]
    if kind == FAULT:
        code = struct.unpack_from(mark + "I", stub)[0] if len(stub) >= 4 else 0  # noqa: PLR2004
        return head._replace(context=context, code=code)
    named = kind == REQUEST and bool(flags & _OBJECT)
    return head._replace(context=context, number=number, stub=stub[16:] if named else stub, has_object=named)


def _bound(body: bytes, mark: str) -> tuple[tuple[int, str], ...]:
    """Return (context, interface) of each presentation context of a bind."""
    if len(body) < 12:  # noqa: PLR2004 - sizes, group, count
        return ()
    found, at = [], 12
    for _ in range(min(body[8], CONTEXT_LIMIT)):
        if at + 24 > len(body):
            break
        context, transfers = struct.unpack_from(mark + "HB", body, at)
        raw = body[at + 4 : at + 20]
        found.append((context, str(UUID(bytes_le=raw) if mark == "<" else UUID(bytes=raw))))
        at += 24 + 20 * transfers
    return tuple(found)


def texts(pdu: Pdu) -> list[str]:
    """Return what can be read in the arguments of a call: wide texts, then DCOM classes; nothing where they are encrypted."""
    if pdu.level >= PRIVACY:
        return []
    stub = pdu.stub[:STUB_LIMIT]
    found = [m.group()[::2].decode("ascii")[:TEXT_CHARACTERS].strip() for m in _WIDE.finditer(stub)]
    if not found:
        found = [m.group().decode("ascii")[:TEXT_CHARACTERS].strip() for m in _NARROW.finditer(stub)]
    if OBJREF in stub:
        found = [name for raw, name in _CLSIDS.items() if raw in stub]
    return [text for text in dict.fromkeys(found) if text][:TEXT_LIMIT]


def is_activation(pdu: Pdu) -> bool:
    """Say whether a call whose interface is unknown asks for an object: DCOM's first argument, then a marshalled object."""
    stub = pdu.stub[:STUB_LIMIT]
    orpc = len(stub) >= 16 and stub[:2] == _ORPC_THIS and stub[2] < _ORPC_VERSIONS and stub[3] == 0  # noqa: PLR2004
    return pdu.level < PRIVACY and not pdu.has_object and orpc and OBJREF in stub


def returned(pdu: Pdu) -> int | None:
    """Return the code that a response ends with; None where it cannot be read."""
    if pdu.level >= PRIVACY or not (pdu.first and pdu.whole) or len(pdu.stub) < 4:  # noqa: PLR2004
        return None
    return int.from_bytes(pdu.stub[-4:], "little")
