"""What one step shows of a flow: who began it, what came again, what each side sent."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from vedette.sources.pcap.parts import SERVER_PORTS
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
Flows = Callable[..., pl.DataFrame]
LAST = 2**32 - 2
"""A sequence number just before it wraps round."""


def tcp(sport: int, dport: int, data: bytes = b"", *, seq: int = 1, flags: int = p.ACK) -> bytes:
    return p.ethernet(p.ipv4(A, B, p.TCP, p.tcp(A, B, sport, dport, data, seq=seq, flags=flags)))


@pytest.mark.parametrize(
    ("sport", "dport", "flags", "began"),
    [
        (4000, 80, p.ACK, A),
        (80, 4000, p.ACK, B),  # seen from its middle: a server speaks
        (80, 443, p.ACK, A),  # two servers: who speaks first
        (4000, 4001, p.ACK, A),
        (80, 4000, p.SYN, A),  # a SYN says who began, from whatever port
        (4000, 80, p.SYN | p.ACK, B),
    ],
)
def test_who_began_a_flow_that_was_seen_from_its_middle(
    sport: int, dport: int, flags: int, began: str, flows: Flows
) -> None:
    assert flows([tcp(sport, dport, flags=flags)])["src_endpoint.ip"].to_list() == [began]


@pytest.mark.parametrize(
    ("segments", "again"),
    [
        ([(1, b"abc"), (4, b"de")], False),
        ([(1, b"abc"), (1, b"abc")], True),
        ([(1, b"abc"), (2, b"bc")], True),
        ([(1, b"abc"), (2, b"bcd")], False),  # some of it is new
        ([(4, b"de"), (1, b"abc")], True),
        ([(LAST, b"abc"), (1, b"de")], False),  # wrapped round
        ([(LAST, b"abc"), (LAST, b"abc")], True),
        ([(1, b"abc"), (1, b"")], False),  # a bare ACK repeats nothing
    ],
)
def test_payload_that_came_before_is_marked(segments: list[tuple[int, bytes]], again: bool, flows: Flows) -> None:
    (row,) = flows([tcp(4000, 80, data, seq=seq) for seq, data in segments]).iter_rows(named=True)
    assert ("T" in row["connection_info.flag_history"]) is again
    assert row["traffic.packets_out"] == 2


def test_flags_and_bytes_add_up_by_side(flows: Flows) -> None:
    back = p.ethernet(p.ipv4(B, A, p.TCP, p.tcp(B, A, 80, 4000, b"xyz", flags=p.ACK | p.PSH)))
    (row,) = flows([tcp(4000, 80, flags=p.SYN), back, tcp(4000, 80, b"a", seq=2)]).iter_rows(named=True)
    assert row["connection_info.tcp_flags"] == p.SYN | p.ACK | p.PSH
    assert (row["vedette.payload_bytes_out"], row["vedette.payload_bytes_in"]) == (1, 3)
    assert (row["traffic.bytes_out"], row["traffic.bytes_in"]) == (81, 43)


def test_server_ports_are_ports_and_stand_once() -> None:
    assert list(SERVER_PORTS) == sorted(set(SERVER_PORTS))
    assert 0 < SERVER_PORTS[0] < SERVER_PORTS[-1] < 1 << 16
