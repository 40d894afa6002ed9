"""DNS names and resource records as text (RFC 1035; RFC 3596, 2782, 6742, 8659, 9460)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from socket import AF_INET6, inet_ntoa, inet_ntop

from vedette.sources.pcap.messages import SEPARATOR

NAME_LIMIT_BYTES = 255
JUMP_LIMIT = 32
_MALFORMED = "malformed name"
RDATA_LIMIT = 4_096
"""Characters of one answer's text that are kept."""
TEXT_LIMIT = 4_096
"""Characters of all answers of a message that are kept, or twice its length: compression must not blow up."""
ANSWER_LIMIT = 256
"""Answers of one message that are read."""

_TYPE_WORDS = (
    "1:A 2:NS 3:MD 4:MF 5:CNAME 6:SOA 7:MB 8:MG 9:MR 10:NULL 11:WKS 12:PTR 13:HINFO 14:MINFO 15:MX 16:TXT 17:RP 18:AFSDB 19:X25 "
    "20:ISDN 21:RT 22:NSAP 23:NSAP-PTR 24:SIG 25:KEY 26:PX 27:GPOS 28:AAAA 29:LOC 30:NXT 31:EID 32:NIMLOC 33:SRV 34:ATMA 35:NAPTR "
    "36:KX 37:CERT 38:A6 39:DNAME 40:SINK 41:OPT 42:APL 43:DS 44:SSHFP 45:IPSECKEY 46:RRSIG 47:NSEC 48:DNSKEY 49:DHCID 50:NSEC3 "
    "51:NSEC3PARAM 52:TLSA 53:SMIMEA 55:HIP 56:NINFO 57:RKEY 58:TALINK 59:CDS 60:CDNSKEY 61:OPENPGPKEY 62:CSYNC 63:ZONEMD 64:SVCB "
    "65:HTTPS 99:SPF 100:UINFO 101:UID 102:GID 103:UNSPEC 104:NID 105:L32 106:L64 107:LP 108:EUI48 109:EUI64 249:TKEY 250:TSIG "
    "251:IXFR 252:AXFR 253:MAILB 254:MAILA 255:ANY 256:URI 257:CAA 258:AVC 259:DOA 260:AMTRELAY 32768:TA 32769:DLV"
)
TYPES = {int(number): name for number, name in (word.split(":") for word in _TYPE_WORDS.split())}
CLASSES = {1: "IN", 2: "CS", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY"}

_RECORD = struct.Struct("!HHIH")
_U16 = struct.Struct("!H")
_POINTER, _LABEL_LIMIT = 0xC0, 63
_PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."

Answers = tuple[str, str, str]
"""Data, types and times-to-live of the answers, each joined by ``SEPARATOR``."""


def type_name(number: int) -> str:
    """Return the mnemonic of a record type, or ``TYPEnnn`` (RFC 3597)."""
    return TYPES.get(number) or f"TYPE{number}"


def class_name(number: int) -> str:
    """Return the mnemonic of a class, or ``CLASSnnn``; the top bit is multicast DNS's own (RFC 6762, 18.12)."""
    return CLASSES.get(number & 0x7FFF) or f"CLASS{number}"


def visible(raw: bytes, special: bytes = b"\\") -> str:
    r"""Return bytes as text; what is not printable ASCII as ``\xNN``, ``special`` characters behind a backslash.

    Example:
        >>> visible(b"a b\x00")
        'a b\\x00'
    """
    text = raw.decode("latin-1")
    if raw.isascii() and text.isprintable() and len(raw.translate(None, special)) == len(raw):
        return text
    return "".join(
        f"\\{chr(c)}" if c in special else chr(c) if 32 <= c < 127 else f"\\x{c:02x}"  # noqa: PLR2004 - ASCII
        for c in raw
    )


def read_name(raw: bytes, offset: int) -> tuple[str, int]:
    """Return the lower-case name at ``offset`` and where the reader goes on.

    Raises:
        ValueError: the name is too long, jumps in a loop, or leaves the message.
    """
    runs: list[str] = []
    after, jumps, size = 0, 0, 0
    try:
        while True:
            start = offset
            while 0 < (count := raw[offset]) <= _LABEL_LIMIT and offset - start < NAME_LIMIT_BYTES:
                offset += count + 1
            size += offset - start
            if size >= NAME_LIMIT_BYTES or _LABEL_LIMIT < count < _POINTER or jumps > JUMP_LIMIT:
                raise ValueError(_MALFORMED)
            if offset > start:
                runs.append(_labels(raw[start:offset]))
            if not count:
                return ".".join(runs) or ".", after or offset + 1
            after, jumps = after or offset + 2, jumps + 1
            offset = ((count & 0x3F) << 8) | raw[offset + 1]
    except IndexError:
        raise ValueError(_MALFORMED) from None


@lru_cache(maxsize=32_768)
def _labels(run: bytes) -> str:
    """Return consecutive labels, each behind its length, as text: names repeat, so most are at hand."""
    labels, offset = [], 0
    while offset < len(run):
        labels.append(run[offset + 1 : (offset := offset + 1 + run[offset])])
    plain = b".".join(labels)
    if plain.count(b".") == len(labels) - 1 and not plain.translate(None, _PLAIN):
        return plain.decode("ascii").lower()
    return ".".join(visible(label, b"\\.").lower() for label in labels)


def _name(raw: bytes, offset: int, _end: int) -> str:
    return read_name(raw, offset)[0]


def _texts(raw: bytes, offset: int, end: int) -> str:
    parts = []
    while offset < end:
        size = raw[offset]
        parts.append(visible(raw[offset + 1 : min(offset + 1 + size, end)]))
        offset += size + 1
    return " ".join(parts)


def _mx(raw: bytes, offset: int, _end: int) -> str:
    return f"{_U16.unpack_from(raw, offset)[0]} {read_name(raw, offset + 2)[0]}"


def _srv(raw: bytes, offset: int, _end: int) -> str:
    priority, weight, port = struct.unpack_from("!HHH", raw, offset)
    return f"{priority} {weight} {port} {read_name(raw, offset + 6)[0]}"


def _soa(raw: bytes, offset: int, _end: int) -> str:
    server, offset = read_name(raw, offset)
    mailbox, offset = read_name(raw, offset)
    return " ".join((server, mailbox, *map(str, struct.unpack_from("!5I", raw, offset))))


def _caa(raw: bytes, offset: int, end: int) -> str:
    flags, size = raw[offset], raw[offset + 1]
    at = offset + 2 + size
    return f"{flags} {visible(raw[offset + 2 : at])} {visible(raw[at:end])}"


def _service(raw: bytes, offset: int, end: int) -> str:
    priority = _U16.unpack_from(raw, offset)[0]
    target, at = read_name(raw, offset + 2)
    return f"{priority} {target} {raw[at:end].hex()}".rstrip()


_TEXTS: dict[int, Callable[[bytes, int, int], str]] = {
    **dict.fromkeys((2, 5, 7, 8, 9, 12, 39), _name),
    **dict.fromkeys((13, 16, 99), _texts),
    **dict.fromkeys((64, 65), _service),
    6: _soa,
    15: _mx,
    33: _srv,
    257: _caa,
}


def rdata_text(raw: bytes, kind: int, offset: int, size: int) -> str:
    """Return a record's data as text: addresses and names as usual, unknown types in hexadecimal.

    Raises:
        ValueError: a name in it is malformed.
        struct.error, IndexError: it ends early.
    """
    if kind == 1 and size == 4:  # noqa: PLR2004 - an IPv4 address
        return inet_ntoa(raw[offset : offset + size])
    if kind == 28 and size == 16:  # noqa: PLR2004 - an IPv6 address
        return inet_ntop(AF_INET6, raw[offset : offset + 16])
    text = _TEXTS.get(kind)
    end = offset + size
    return (text(raw, offset, end) if text else raw[offset:end].hex())[:RDATA_LIMIT]


def read_answers(raw: bytes, offset: int, count: int) -> tuple[Answers, bool]:
    """Return up to ``ANSWER_LIMIT`` records from ``offset`` on, and whether all ``count`` could be read."""
    data: list[str] = []
    kinds: list[str] = []
    lives: list[str] = []
    whole, budget = count <= ANSWER_LIMIT, max(TEXT_LIMIT, 2 * len(raw))
    try:
        for _ in range(min(count, ANSWER_LIMIT)):
            while (size := raw[offset]) and size <= _LABEL_LIMIT:
                offset += size + 1
            kind, _, life, size = _RECORD.unpack_from(raw, offset + 2 if size else offset + 1)
            offset += 12 if raw[offset] else 11
            if offset + size > len(raw) or budget < 0:
                whole = False
                break
            data.append(
                inet_ntoa(raw[offset : offset + 4]) if kind == size - 3 == 1 else rdata_text(raw, kind, offset, size)
            )
            kinds.append(TYPES.get(kind) or f"TYPE{kind}")
            lives.append(str(life))
            offset += size
            budget -= len(data[-1])
    except (ValueError, IndexError, struct.error):
        whole = False
    return (SEPARATOR.join(data), SEPARATOR.join(kinds), SEPARATOR.join(lives)), whole
