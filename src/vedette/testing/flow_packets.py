"""Packets of flow exporters, made up: NetFlow version 5 and 9, IPFIX."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

SENT = 1_772_697_672
"""2026-03-05 08:01:12 UTC, in seconds."""
UPTIME = 86_400_000
"""Milliseconds that our exporter has run."""

V4 = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 4), (2, 4), (22, 4), (21, 4))
"""(element, bytes) of a common template of version 9."""
MS = ((8, 4), (12, 4), (7, 2), (11, 2), (4, 1), (6, 1), (1, 8), (2, 8), (152, 8), (153, 8))
"""The same as exporters of IPFIX write it."""
V6 = ((27, 16), (28, 16), *MS[2:])

Field = tuple[int, int] | tuple[int, int, int]


def address(text: str) -> bytes:
    """Return an address as it stands in a packet."""
    return ip_address(text).packed


def record(fields: Iterable[Field], values: Sequence[int | str | bytes]) -> bytes:
    """Return a record: numbers in network order, addresses by their text, other things as they are."""
    parts = []
    for (_, size, *_rest), value in zip(fields, values, strict=True):
        if isinstance(value, int):
            parts.append(value.to_bytes(size, "big"))
        else:
            parts.append(address(value) if isinstance(value, str) else value)
    return b"".join(parts)


def v5(
    records: Sequence[tuple[str, str, int, int, int, int, int, int, int, int]], sequence: int = 0, sampling: int = 0
) -> bytes:
    """Return a packet; a record is (src, dst, packets, bytes, first, last, src port, dst port, flags, protocol)."""
    head = struct.pack(">HHIIIIBBH", 5, len(records), UPTIME, SENT, 0, sequence, 0, 0, sampling)
    rows = [
        address(r[0]) + address(r[1]) + bytes(8) + struct.pack(">IIIIHHBBBB8x", *r[2:8], 0, r[8], r[9], 0)
        for r in records
    ]
    return head + b"".join(rows)


def template(number: int, fields: Iterable[Field]) -> bytes:
    """Return a template; an element with a third part belongs to that enterprise."""
    fields = list(fields)
    parts = [struct.pack(">HH", number, len(fields))]
    for element, size, *enterprise in fields:
        parts.append(struct.pack(">HH", element | (0x8000 if enterprise else 0), size))
        parts += [struct.pack(">I", enterprise[0])] if enterprise else []
    return b"".join(parts)


def options_v9(number: int, fields: Sequence[Field]) -> bytes:
    """Return an options template of version 9 with one scope, the system."""
    body = struct.pack(">HH", 1, 4) + b"".join(struct.pack(">HH", *f[:2]) for f in fields)
    return struct.pack(">HHH", number, 4, 4 * len(fields)) + body


def options_ipfix(number: int, fields: Sequence[Field]) -> bytes:
    """Return an options template of IPFIX with one scope, the domain."""
    body = struct.pack(">HH", 149, 4) + b"".join(struct.pack(">HH", *f[:2]) for f in fields)
    return struct.pack(">HHH", number, 1 + len(fields), 1) + body


def part(number: int, content: bytes) -> bytes:
    """Return a set, filled up to four bytes."""
    padding = -len(content) % 4
    return struct.pack(">HH", number, 4 + len(content) + padding) + content + bytes(padding)


def v9(parts: Sequence[bytes], sequence: int = 0, domain: int = 0, sent: int = SENT) -> bytes:
    """Return a packet of these sets."""
    return struct.pack(">HHIIII", 9, len(parts), UPTIME, sent, sequence, domain) + b"".join(parts)


def ipfix(parts: Sequence[bytes], sequence: int = 0, domain: int = 0, sent: int = SENT) -> bytes:
    """Return a message of these sets."""
    body = b"".join(parts)
    return struct.pack(">HHIII", 10, 16 + len(body), sent, sequence, domain) + body


SSH = ("192.0.2.10", "198.51.100.7", 50_122, 22, 6, 0x1B, 1410, 9, UPTIME - 5000, UPTIME - 1000)
"""A record of ``V4``: four seconds of SSH, ended a second before it was told."""
SSH_BACK = ("198.51.100.7", "192.0.2.10", 22, 50_122, 6, 0x1B, 7710, 8, UPTIME - 4990, UPTIME - 1000)
