"""Transport protocols and tunnels."""

from __future__ import annotations

import struct
from collections.abc import Callable

import polars as pl
import pytest

from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
C, D = "172.16.0.1", "172.16.0.2"
A6, B6 = "2001:db8::1", "2001:db8::53"
Flows = Callable[..., pl.DataFrame]
INNER = p.ipv4(C, D, p.UDP, p.udp(C, D, 4000, 9999, b"payload"))
INNER6 = p.ipv6(A6, B6, p.UDP, p.udp(A6, B6, 4000, 9999, b"payload"))
VXLAN = struct.pack(">II", 8 << 24, 99 << 8)
TUNNELS: dict[str, tuple[bytes, str, str]] = {
    "gre": (p.ipv4(A, B, 47, struct.pack(">HH", 0, 0x0800) + INNER), "gre", C),
    "gre with key and number": (p.ipv4(A, B, 47, struct.pack(">HHII", 0x3000, 0x0800, 7, 1) + INNER), "gre", C),
    "gre, bridged": (p.ipv4(A, B, 47, struct.pack(">HH", 0, 0x6558) + p.ethernet(INNER)), "gre", C),
    "gre, ipv6 within": (p.ipv4(A, B, 47, struct.pack(">HH", 0, 0x86DD) + INNER6), "gre", A6),
    "4in4": (p.ipv4(A, B, 4, INNER), "4in4", C),
    "6in4": (p.ipv4(A, B, 41, INNER6), "6in4", A6),
    "vxlan": (p.ipv4(A, B, p.UDP, p.udp(A, B, 5555, 4789, VXLAN + p.ethernet(INNER))), "vxlan", C),
}


@pytest.mark.parametrize("name", TUNNELS)
def test_outer_and_inner_flows_are_apart(name: str, flows: Flows) -> None:
    packet, tunnel, source = TUNNELS[name]
    outer, inner = flows([p.ethernet(packet)] * 2).sort("vedette.tunnel", nulls_last=False).iter_rows(named=True)
    assert (outer["src_endpoint.ip"], outer["vedette.tunnel"], outer["traffic.bytes_out"]) == (A, None, 2 * len(packet))
    assert (inner["src_endpoint.ip"], inner["vedette.tunnel"]) == (source, tunnel)
    assert (inner["src_endpoint.port"], inner["traffic.packets_out"], inner["vedette.payload_bytes_out"]) == (
        4000,
        2,
        14,
    )


@pytest.mark.parametrize(("carried", "tunnel"), [(INNER, "4in6"), (INNER6, "6in6")])
def test_tunnels_over_ipv6(carried: bytes, tunnel: str, flows: Flows) -> None:
    packet = p.ipv6(B6, A6, 4 if tunnel == "4in6" else 41, carried)
    got = flows([p.ethernet(packet, kind=0x86DD)])
    assert got["vedette.tunnel"].to_list() == [None, tunnel]


def test_one_level_deep(flows: Flows) -> None:
    packet = p.ipv4(A, B, 4, p.ipv4(C, D, 4, INNER))
    assert flows([p.ethernet(packet)])["vedette.tunnel"].to_list() == [None, "4in4"]


def test_a_tunnel_that_carries_nonsense_is_its_outer_flow_only(flows: Flows) -> None:
    packets = [p.ipv4(A, B, 4, b"\x45junk"), p.ipv4(A, B, 47, struct.pack(">HH", 0, 0x0800)), p.ipv4(A, B, 47, b"\0")]
    got = flows([p.ethernet(x) for x in packets])
    assert got.select("connection_info.protocol_name", "traffic.packets_out").rows() == [("ipip", 1), ("gre", 2)]


def test_ping_and_answer_are_one_flow(flows: Flows) -> None:
    frames = [
        p.ethernet(p.ipv4(*ends, p.ICMP, p.icmp(kind, 0, 1, n, b"abc")))
        for n in range(3)
        for ends, kind in (((A, B), 8), ((B, A), 0))
    ]
    got = flows(frames)
    assert got.select(
        "src_endpoint.ip",
        "src_endpoint.port",
        "dst_endpoint.port",
        "traffic.packets_out",
        "traffic.packets_in",
        "vedette.payload_bytes_in",
        "connection_info.protocol_name",
        "status_code",
    ).rows() == [(A, 8, 0, 3, 3, 9, "icmp", "OTH")]


def test_icmp_types_and_codes_stand_for_ports(flows: Flows) -> None:
    frames = [p.ethernet(p.ipv4(B, A, p.ICMP, p.icmp(3, code))) for code in (1, 3)]
    frames += [
        p.ethernet(p.ipv6(a, b, p.ICMP6, p.icmp6(a, b, kind, 0, bytes(4))), kind=0x86DD)
        for a, b, kind in ((A6, B6, 128), (B6, A6, 129))
    ]
    got = flows(frames)
    assert got.select("src_endpoint.port", "dst_endpoint.port", "traffic.packets_out", "traffic.packets_in").rows() == [
        (3, 1, 1, 0),
        (3, 3, 1, 0),
        (128, 0, 1, 1),
    ]


def test_arp_asks_and_answers(flows: Flows) -> None:
    got = flows([p.arp(A, B), p.arp(B, A, reply=True), p.arp(A, C), p.arp(D, A, reply=True)])
    assert got.select(
        "src_endpoint.ip",
        "dst_endpoint.ip",
        "status_code",
        "connection_info.protocol_name",
        "connection_info.protocol_num",
    ).rows() == [(A, B, "SF", "arp", None), (A, C, "S0", "arp", None), (A, D, "SHR", "arp", None)]
    assert got["src_endpoint.port"].null_count() == 3


def test_other_protocols_have_no_ports(flows: Flows) -> None:
    got = flows([p.ethernet(p.ipv4(A, B, number, b"data")) for number in (89, 50, 200, 89)])
    assert got.select("connection_info.protocol_name", "src_endpoint.port", "traffic.packets_out").rows() == [
        ("ospf", None, 2),
        ("esp", None, 1),
        ("200", None, 1),
    ]


def test_sctp_has_ports(flows: Flows) -> None:
    got = flows([p.ethernet(p.ipv4(A, B, 132, struct.pack(">HHII", 7, 36412, 0, 0)))])
    assert got.select("src_endpoint.port", "dst_endpoint.port").rows() == [(7, 36412)]
