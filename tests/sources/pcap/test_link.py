"""The same DNS question over every link layer and encapsulation gives the same flow."""

from __future__ import annotations

import struct
from collections.abc import Callable

import polars as pl
import pytest

from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
A6, B6 = "2001:db8::1", "2001:db8::53"
V4 = p.ipv4(A, B, p.UDP, p.udp(A, B, 4000, 9999, b"payload"))
V6 = p.ipv6(A6, B6, p.UDP, p.udp(A6, B6, 4000, 9999, b"payload"))
LABELS = struct.pack(">II", 16 << 12 | 64, 17 << 12 | 0x100 | 64)
CASES: dict[str, tuple[int, bytes, bytes]] = {
    "ethernet": (1, p.ethernet(V4), p.ethernet(V6, kind=0x86DD)),
    "vlan": (1, p.ethernet(p.vlan(V4, 7), kind=0x8100), p.ethernet(p.vlan(V6, 7, 0x86DD), kind=0x8100)),
    "q-in-q": (
        1,
        p.ethernet(p.vlan(p.vlan(V4, 7), 8, 0x8100), kind=0x88A8),
        p.ethernet(p.vlan(p.vlan(V6, 7, 0x86DD), 8, 0x8100), kind=0x88A8),
    ),
    "snap": (
        1,
        p.ethernet(b"\xaa\xaa\x03\0\0\0\x08\0" + V4, kind=8 + len(V4)),
        p.ethernet(b"\xaa\xaa\x03\0\0\0\x86\xdd" + V6, kind=8 + len(V6)),
    ),
    "pppoe": (
        1,
        p.ethernet(b"\x11\0\0\x01" + struct.pack(">HH", len(V4) + 2, 0x21) + V4, kind=0x8864),
        p.ethernet(b"\x11\0\0\x01" + struct.pack(">HH", len(V6) + 2, 0x57) + V6, kind=0x8864),
    ),
    "mpls": (1, p.ethernet(LABELS + V4, kind=0x8847), p.ethernet(LABELS + V6, kind=0x8847)),
    "raw": (101, V4, V6),
    "raw, old number": (12, V4, V6),
    "cooked": (113, b"\0\0\0\x01\0\x06" + bytes(8) + b"\x08\0" + V4, b"\0\0\0\x01\0\x06" + bytes(8) + b"\x86\xdd" + V6),
    "cooked v2": (276, b"\x08\0" + bytes(18) + V4, b"\x86\xdd" + bytes(18) + V6),
    "null, little endian": (0, struct.pack("<I", 2) + V4, struct.pack("<I", 30) + V6),
    "null, big endian": (0, struct.pack(">I", 2) + V4, struct.pack(">I", 24) + V6),
    "loop": (108, struct.pack(">I", 2) + V4, struct.pack(">I", 28) + V6),
    "ppp": (9, b"\xff\x03\0\x21" + V4, b"\0\x57" + V6),
    "cisco hdlc": (104, b"\x0f\0\x08\0" + V4, b"\x0f\0\x86\xdd" + V6),
}


@pytest.mark.parametrize("name", CASES)
def test_every_link_layer_gives_the_same_flows(name: str, flows: Callable[..., pl.DataFrame]) -> None:
    link, four, six = CASES[name]
    got = flows([four, six], link)
    assert got.select(
        "src_endpoint.ip",
        "src_endpoint.port",
        "dst_endpoint.ip",
        "dst_endpoint.port",
        "connection_info.protocol_ver_id",
        "vedette.payload_bytes_out",
        "traffic.bytes_out",
        "vedette.frame_bytes_out",
    ).rows() == [
        (A, 4000, B, 9999, 4, 7, 35, len(four)),
        (A6, 4000, B6, 9999, 6, 7, 55, len(six)),
    ]


@pytest.mark.parametrize(("link", "layer"), [(228, V4), (229, V6)])
def test_links_of_one_version(link: int, layer: bytes, flows: Callable[..., pl.DataFrame]) -> None:
    assert flows([layer], link).height == 1
