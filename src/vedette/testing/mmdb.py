"""Writes small databases in MaxMind's format for tests (MaxMind DB File Format Specification 2.0): IPv4, 24-bit records."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from ipaddress import ip_network

_MARK = b"\xab\xcd\xefMaxMind.com"
_BITS = 24
_EMPTY = -1
_KINDS = {"node_count": 6, "build_epoch": 9}


def database(records: Mapping[str, Mapping[str, object]]) -> bytes:
    """Return a database of IPv4 networks (CIDR, none inside another) and their records."""
    tree: list[list[int]] = [[_EMPTY, _EMPTY]]
    data = bytearray()
    leaves: dict[tuple[int, int], int] = {}
    for network, record in records.items():
        parsed = ip_network(network)
        node, bits = 0, int(parsed.network_address)
        for depth in range(parsed.prefixlen):
            side = bits >> (31 - depth) & 1
            if depth == parsed.prefixlen - 1:
                leaves[node, side] = len(data)
                data += _encoded(record)
                break
            if tree[node][side] == _EMPTY:
                tree.append([_EMPTY, _EMPTY])
                tree[node][side] = len(tree) - 1
            node = tree[node][side]
    count = len(tree)
    for (node, side), offset in leaves.items():
        tree[node][side] = count + 16 + offset
    search = b"".join((count if v == _EMPTY else v).to_bytes(3, "big") for pair in tree for v in pair)
    about = {
        "node_count": count,
        "record_size": _BITS,
        "ip_version": 4,
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "database_type": "Made",
        "build_epoch": 1,
        "languages": [],
        "description": {},
    }
    told = b"".join(
        _encoded(k) + (_whole(v, _KINDS.get(k, 5)) if isinstance(v, int) else _encoded(v)) for k, v in about.items()
    )
    return search + bytes(16) + bytes(data) + _MARK + _control(7, len(about)) + told


def _encoded(value: object) -> bytes:
    """Return a value in the format's own encoding; texts and collections of fewer than 29 members."""
    if isinstance(value, Mapping):
        return _control(7, len(value)) + b"".join(_encoded(k) + _encoded(v) for k, v in value.items())
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(_encoded, value))
    if isinstance(value, str):
        return _control(2, len(value.encode())) + value.encode()
    if isinstance(value, float):
        return _control(3, 8) + struct.pack(">d", value)
    assert isinstance(value, int)
    return _whole(value, 6)


def _whole(value: int, kind: int) -> bytes:
    """Return an unsigned number: kind 5 of 16 bits, 6 of 32, 9 of 64; those from 8 on have a byte of their own."""
    size = (value.bit_length() + 7) // 8
    head = _control(kind, size) if kind < 8 else bytes([size, kind - 7])
    return head + value.to_bytes(size, "big")


def _control(kind: int, size: int) -> bytes:
    assert size < 29
    return bytes([kind << 5 | size])
