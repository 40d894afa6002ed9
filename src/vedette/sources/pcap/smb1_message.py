"""SMB 1 (MS-CIFS and MS-SMB, 2.2): the few messages that say what is opened, and what is said to a pipe."""

from __future__ import annotations

import struct
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
    WRITE,
    Message,
)

MAGIC: Final = b"\xffSMB"
HEADER_BYTES: Final = 32
_COMMANDS: Final = {
    0x72: NEGOTIATE,
    0x73: LOGON,
    0x75: CONNECT,
    0xA2: CREATE,
    0x04: CLOSE,
    0x2E: READ,
    0x2F: WRITE,
    0x25: PIPE,
}
_RESPONSE, _UNICODE = 0x80, 0x8000
_TRANSACT_PIPE: Final = 0x26
_ACTIVITIES: Final = {0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6}
_SERVICES: Final = {b"IPC": "pipe", b"A:\0": "disk", b"LPT": "print"}


def read(raw: bytes) -> Message | None:
    """Return the message in ``raw``, or None for one that tells nothing."""
    if len(raw) <= HEADER_BYTES or raw[:4] != MAGIC or (kind := _COMMANDS.get(raw[4])) is None:
        return None
    (status,) = struct.unpack_from("<I", raw, 5)
    flags, wide = raw[9], bool(int.from_bytes(raw[10:12], "little") & _UNICODE)
    tree, process, _, ident = struct.unpack_from("<HHHH", raw, 24)
    response = bool(flags & _RESPONSE)
    head = Message(kind, response, status if response else 0, ident << 16 | process, tree)
    words = raw[HEADER_BYTES + 1 : HEADER_BYTES + 1 + 2 * raw[HEADER_BYTES]]
    rest = raw[HEADER_BYTES + 3 + 2 * raw[HEADER_BYTES] :]
    try:
        return _response(head, words, rest, raw) if response else _request(head, words, rest, raw, wide=wide)
    except struct.error:  # cut off, or an error without words
        return head


def _request(head: Message, words: bytes, rest: bytes, raw: bytes, *, wide: bool) -> Message | None:
    if head.command == CONNECT:
        (secret,) = struct.unpack_from("<H", words, 6)
        return head._replace(name=_text(raw, rest[secret:], wide=wide))
    if head.command == CREATE:
        (size,) = struct.unpack_from("<H", words, 5)
        (disposition,) = struct.unpack_from("<I", words, 35)
        name = _text(raw, rest, wide=wide, size=size)
        return head._replace(name=name, activity=_ACTIVITIES.get(disposition, 99))
    if head.command == PIPE:
        size, at, _, function = struct.unpack_from("<HHHH", words, 22)
        return head._replace(file=words[30:32], data=raw[at : at + size]) if function == _TRANSACT_PIPE else None
    return _plain(head, words, raw)


def _plain(head: Message, words: bytes, raw: bytes) -> Message:
    """Read a request that names its file first, or that is kept as it is."""
    if head.command == WRITE:
        (where,) = struct.unpack_from("<I", words, 6)
        size, at = struct.unpack_from("<HH", words, 20)
        return head._replace(file=words[4:6], data=raw[at : at + size], offset=where, size=size)
    if head.command == READ:
        return head._replace(file=words[4:6])
    if head.command == CLOSE:
        return head._replace(file=words[:2])
    return head._replace(raw=raw) if head.command == LOGON else head


def _response(head: Message, words: bytes, rest: bytes, raw: bytes) -> Message:
    if head.command == CONNECT:
        return head._replace(share_type=_SERVICES.get(rest[:3]))
    if head.command == CREATE:
        return head._replace(file=words[5:7])
    if head.command == READ:
        size, at = struct.unpack_from("<HH", words, 10)
        return head._replace(data=raw[at : at + size])
    if head.command == PIPE:
        size, at = struct.unpack_from("<HH", words, 12)
        return head._replace(data=raw[at : at + size])
    return head._replace(name="1.0") if head.command == NEGOTIATE else head


def _text(raw: bytes, rest: bytes, *, wide: bool, size: int = NAME_BYTES) -> str:
    """Return the text at the start of ``rest``; UTF-16 is aligned to the message (MS-CIFS, 2.2.1.1)."""
    if not wide:
        return readable(rest[: min(size, NAME_BYTES)], wide=False)
    odd = (len(raw) - len(rest)) % 2
    part = rest[odd : odd + min(size + 2, NAME_BYTES)]
    return readable(part[: len(part) & ~1])
