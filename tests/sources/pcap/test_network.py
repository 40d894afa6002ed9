"""Network headers: extension headers, fragments, checksums, what is cut off or makes no sense."""

from __future__ import annotations

import struct
from collections.abc import Callable

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
A6, B6 = "2001:db8::1", "2001:db8::53"
UDP6 = p.udp(A6, B6, 4000, 9999, b"payload")
Flows = Callable[..., pl.DataFrame]


def option(kind: int, following: int) -> bytes:
    """Return an extension header of eight bytes."""
    return {44: bytes([following, 0, 0, 0, 0, 0, 0, 5]), 51: bytes([following, 4]) + bytes(22)}.get(
        kind, bytes([following, 0]) + bytes(6)
    )


@pytest.mark.parametrize("chain", [(0,), (60,), (43,), (44,), (51,), (0, 43, 60), (60, 44), (0, 0, 0, 0, 0, 60)])
def test_extension_headers_are_passed(chain: tuple[int, ...], flows: Flows) -> None:
    body = b"".join(option(kind, after) for kind, after in zip(chain, (*chain[1:], p.UDP), strict=True)) + UDP6
    got = flows([p.ethernet(p.ipv6(A6, B6, chain[0], body), kind=0x86DD)])
    assert got.select("src_endpoint.port", "connection_info.protocol_name", "vedette.payload_bytes_out").rows() == [
        (4000, "udp", 7)
    ]


def test_a_chain_without_end_stays_without_ports(flows: Flows) -> None:
    body = option(0, 0) * 30 + UDP6
    got = flows([p.ethernet(p.ipv6(A6, B6, 0, body), kind=0x86DD)])
    assert got.select("src_endpoint.port", "connection_info.protocol_num").rows() == [(None, 0)]


def fragments(payload: bytes, ident: int) -> list[bytes]:
    """Return a UDP datagram in three fragments."""
    whole = p.udp(A, B, 4000, 9999, payload)
    cuts = [(0, 16, True), (16, 32, True), (32, len(whole), False)]
    return [
        p.ethernet(p.ipv4(A, B, p.UDP, whole[i:j], ident=ident, fragment=i // 8 | (0x2000 if more else 0)))
        for i, j, more in cuts
    ]


def test_later_fragments_join_the_first_ones_flow(flows: Flows) -> None:
    got = flows(fragments(bytes(100), 7))
    assert got.select("src_endpoint.port", "traffic.packets_out", "vedette.payload_bytes_out").rows() == [
        (4000, 3, 100)
    ]


def test_fragments_without_a_first_have_port_0(flows: Flows) -> None:
    first, second, third = fragments(bytes(100), 7)
    got = flows([second, first, third])
    assert got.select("src_endpoint.port", "traffic.packets_out").rows() == [(0, 1), (4000, 2)]


def test_fragments_of_ipv6(flows: Flows) -> None:
    whole = p.udp(A6, B6, 4000, 9999, bytes(48))
    head = struct.pack(">BBHI", p.UDP, 0, 1, 77)
    tail = struct.pack(">BBHI", p.UDP, 0, 32, 77)
    other = struct.pack(">BBHI", p.UDP, 0, 32, 78)
    frames = [p.ipv6(A6, B6, 44, h + part) for h, part in ((head, whole[:32]), (tail, whole[32:]), (other, whole[32:]))]
    got = flows([p.ethernet(f, kind=0x86DD) for f in frames])
    assert got.select("src_endpoint.port", "traffic.packets_out").rows() == [(4000, 2), (0, 1)]


def test_bad_header_checksums_are_noted_not_dropped(flows: Flows) -> None:
    good = p.ipv4(A, B, p.UDP, p.udp(A, B, 1000, 9999, b"x"))
    bad = p.ipv4(A, B, p.UDP, p.udp(A, B, 2000, 9999, b"x"))
    bad = bad[:8] + b"\x01" + bad[9:]
    with_options = bytearray(p.ipv4(A, B, p.UDP, bytes(8) + p.udp(A, B, 3000, 9999, b"x")))
    with_options[0] = 0x47
    with_options[10:12] = b"\0\0"
    with_options[10:12] = p.checksum(bytes(with_options[:28])).to_bytes(2, "big")
    got = flows([p.ethernet(f) for f in (good, bad, bytes(with_options))])
    assert got.select("src_endpoint.port", "connection_info.flag_history").rows() == [
        (1000, "D"),
        (2000, "DC"),
        (3000, "D"),
    ]


def test_segmentation_offload_leaves_no_total_length(flows: Flows) -> None:
    packet = bytearray(p.ipv4(A, B, p.UDP, p.udp(A, B, 1000, 9999, bytes(50))))
    packet[2:4] = b"\0\0"
    got = flows([p.ethernet(bytes(packet))])
    assert got.select("traffic.bytes_out", "vedette.payload_bytes_out").rows() == [(78, 50)]


def test_padding_of_short_frames_is_no_payload(flows: Flows) -> None:
    frame = p.ethernet(p.ipv4(A, B, p.TCP, p.tcp(A, B, 1000, 80, flags=p.ACK))) + bytes(6)
    got = flows([frame])
    assert got.select("vedette.payload_bytes_out", "traffic.bytes_out", "vedette.frame_bytes_out").rows() == [
        (0, 40, 60)
    ]
    assert got["connection_info.flag_history"].to_list() == ["A"]


BAD = {
    "link header cut off": p.ethernet(b"")[:9],
    "IPv4 header cut off": p.ethernet(p.ipv4(A, B, p.UDP, b"")[:12]),
    "IPv4 header malformed": p.ethernet(b"\x41" + p.ipv4(A, B, p.UDP, b"")[1:]),
    "IPv6 header cut off": p.ethernet(p.ipv6(A6, B6, p.UDP, b"")[:30], kind=0x86DD),
    "IPv6 header malformed": p.ethernet(b"\x40" + p.ipv6(A6, B6, p.UDP, b"")[1:], kind=0x86DD),
    "ARP header cut off": p.arp(A, B)[:30],
    "ARP header malformed": p.arp(A, B)[:18] + b"\x08\x04" + p.arp(A, B)[20:],
    "TCP header cut off": p.ethernet(p.ipv4(A, B, p.TCP, bytes(12))),
    "UDP header cut off": p.ethernet(p.ipv4(A, B, p.UDP, bytes(5))),
    "ICMP header cut off": p.ethernet(p.ipv4(A, B, p.ICMP, bytes(2))),
}


@pytest.mark.parametrize("reason", BAD)
def test_what_cannot_be_read_is_a_reject(
    reason: str,
    capture: Callable[..., bytes],
    read: Callable[..., list[EventBatch]],
    rows: Callable[..., pl.DataFrame],
) -> None:
    good = p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 1, 2)))
    batches = read(capture([good, BAD[reason], good]))
    assert sum(b.records for b in batches) == 3
    assert rows(batches)["traffic.packets_out"].to_list() == [2]
    rejected = rows(batches, EventClass.REJECT)
    offset = 24 + 16 + len(good) + 16
    assert rejected.select("status_detail", "metadata.sequence", "count").rows() == [
        (f"{reason} (first at byte {offset})", 1, 1)
    ]
