"""Where a flow ends and the next begins: a table of what one key's packets do, and when."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from vedette.sources.pcap.segments import (
    ATTEMPT_MICROSECONDS,
    OTHER_TIMEOUT_MICROSECONDS,
    RESET_MICROSECONDS,
    TIMEOUT_MICROSECONDS,
)
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
WAIT, ATTEMPT, RESET, OTHER = (
    micros / 1e6
    for micros in (TIMEOUT_MICROSECONDS[p.TCP], ATTEMPT_MICROSECONDS, RESET_MICROSECONDS, OTHER_TIMEOUT_MICROSECONDS)
)
EDGE = 0.001
Frame = tuple[float, bytes]


def sent(at: float, flags: int, *, back: bool = False) -> Frame:
    (src, sport), (dst, dport) = ((B, 80), (A, 4000)) if back else ((A, 4000), (B, 80))
    return at, p.ethernet(p.ipv4(src, dst, p.TCP, p.tcp(src, dst, sport, dport, b"", flags=flags)))


def datagram(at: float) -> Frame:
    return at, p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 4000, 9999, b"x")))


CASES: dict[str, tuple[list[Frame], list[int]]] = {
    "talk until the time-out": ([sent(0, p.ACK), sent(WAIT, p.ACK)], [2]),
    "silence beyond it": ([sent(0, p.ACK), sent(WAIT + EDGE, p.ACK)], [1, 1]),
    "an answer in time": ([sent(0, p.SYN), sent(ATTEMPT, p.SYN | p.ACK, back=True)], [2]),
    "an answer too late": ([sent(0, p.SYN), sent(ATTEMPT + EDGE, p.SYN | p.ACK, back=True)], [1, 1]),
    "a SYN again, nothing closed": ([sent(0, p.SYN), sent(1, p.SYN)], [2]),
    "a SYN after a FIN": ([sent(0, p.ACK), sent(1, p.FIN | p.ACK), sent(2, p.SYN)], [2, 1]),
    "a SYN after a RST": ([sent(0, p.SYN), sent(1, p.RST, back=True), sent(2, p.SYN)], [2, 1]),
    "an ACK after a FIN": ([sent(0, p.FIN | p.ACK), sent(1, p.ACK, back=True)], [2]),
    "late after a reset": ([sent(0, p.RST), sent(RESET, p.ACK)], [2]),
    "too late after a reset": ([sent(0, p.RST), sent(RESET + EDGE, p.ACK)], [1, 1]),
    "datagrams until the time-out": ([datagram(0), datagram(OTHER)], [2]),
    "datagrams beyond it": ([datagram(0), datagram(OTHER + EDGE)], [1, 1]),
}


@pytest.mark.parametrize("name", CASES)
def test_packets_of_each_flow(name: str, flows: Callable[..., pl.DataFrame]) -> None:
    frames, wanted = CASES[name]
    found = flows(frames).sort("start_time")
    assert (found["traffic.packets_out"] + found["traffic.packets_in"]).to_list() == wanted
    assert found["metadata.uid"].n_unique() == len(wanted)
