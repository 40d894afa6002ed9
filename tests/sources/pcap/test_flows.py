"""Flows: who began, when one ends and the next begins, what is counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vedette.events.batch import EventBatch
from vedette.sources.pcap.container import Octets
from vedette.sources.pcap.flows import Flows as Table
from vedette.sources.pcap.keys import KEY, stamp
from vedette.sources.pcap.packets import UDP, Packets, blank
from vedette.testing import packets as p

A, B = "10.0.0.1", "192.0.2.53"
S, H, K, F, R, D = p.SYN, p.SYN | p.ACK, p.ACK, p.FIN | p.ACK, p.RST, p.PSH | p.ACK
Flows = Callable[..., pl.DataFrame]


def tcp(
    flags: int, *, back: bool = False, seq: int = 0, payload: bytes = b"", ports: tuple[int, int] = (40000, 4444)
) -> bytes:
    ends = (B, A, *ports[::-1]) if back else (A, B, *ports)
    return p.ethernet(p.ipv4(ends[0], ends[1], p.TCP, p.tcp(*ends, payload, seq=seq, flags=flags)))


def talk(*steps: tuple[int, bool] | tuple[int, bool, int, bytes]) -> list[bytes]:
    return [tcp(s[0], back=s[1], seq=s[2] if len(s) > 2 else 0, payload=s[3] if len(s) > 2 else b"") for s in steps]


STATES: dict[str, tuple[list[bytes], str]] = {
    "S0": (talk((S, False), (S, False)), "S"),
    "S1": (talk((S, False), (H, True), (K, False)), "ShA"),
    "SF": (talk((S, False), (H, True), (K, False), (D, False, 1, b"x"), (F, False, 2, b""), (F, True)), "ShADFf"),
    "REJ": (talk((S, False), (R | K, True)), "Sr"),
    "S2": (talk((S, False), (H, True), (K, False), (F, False)), "ShAF"),
    "S3": (talk((S, False), (H, True), (K, False), (F, True)), "ShAf"),
    "RSTO": (talk((S, False), (H, True), (R, False)), "ShR"),
    "RSTR": (talk((S, False), (H, True), (K, False), (R, True)), "ShAr"),
    "RSTOS0": (talk((S, False), (R, False)), "SR"),
    "RSTRH": (talk((H, True), (R, True)), "^hr"),
    "SH": (talk((S, False), (F, False)), "SF"),
    "SHR": (talk((H, True), (F, True)), "^hf"),
    "OTH": (talk((D, False, 1, b"x"), (D, True, 1, b"y")), "Dd"),
}


@pytest.mark.parametrize("state", STATES)
def test_states_and_history(state: str, flows: Flows) -> None:
    frames, history = STATES[state]
    got = flows(frames)
    assert got.select("src_endpoint.ip", "status_code", "connection_info.flag_history").rows() == [(A, state, history)]


@pytest.mark.parametrize(
    ("frames", "originator", "turned"),
    [
        (talk((D, True, 1, b"x")), B, False),
        ([tcp(D, back=True, payload=b"x", ports=(40000, 443))], A, True),
        ([tcp(D, payload=b"x", ports=(443, 443))], A, False),
        ([tcp(S, ports=(443, 40000))], A, False),
        ([p.ethernet(p.ipv4(B, A, p.UDP, p.udp(B, A, 53, 4000, b"x")))], A, True),
        ([p.ethernet(p.ipv4(B, A, p.UDP, p.udp(B, A, 123, 123, b"x")))], B, False),
    ],
)
def test_originator(frames: list[bytes], originator: str, turned: bool, flows: Flows) -> None:
    got = flows(frames)
    assert got["src_endpoint.ip"].to_list() == [originator]
    assert got["connection_info.flag_history"].str.starts_with("^").to_list() == [turned]


def test_counts_by_direction(flows: Flows) -> None:
    frames = [
        tcp(S),
        tcp(H, back=True),
        tcp(K),
        tcp(D, seq=1, payload=b"ask"),
        tcp(D, back=True, seq=1, payload=b"answer"),
    ]
    (got,) = flows(frames).iter_rows(named=True)
    assert (got["traffic.packets_out"], got["traffic.packets_in"]) == (3, 2)
    assert (got["vedette.payload_bytes_out"], got["vedette.payload_bytes_in"]) == (3, 6)
    assert (got["traffic.bytes_out"], got["traffic.bytes_in"]) == (123, 86)
    assert (got["vedette.frame_bytes_out"], got["vedette.frame_bytes_in"]) == (123 + 3 * 14, 86 + 2 * 14)
    assert got["connection_info.tcp_flags"] == S | K | D
    assert (got["duration"], got["time"], got["metadata.sequence"]) == (4, got["end_time"], 0)
    assert (got["connection_info.protocol_num"], got["activity_id"]) == (6, 6)


GAPS: dict[str, tuple[list[tuple[float, bytes]], list[int]]] = {
    "established, 299 s": ([(0, tcp(S)), (1, tcp(H, back=True)), (300, tcp(D, payload=b"x"))], [3]),
    "established, 301 s": ([(0, tcp(S)), (1, tcp(H, back=True)), (302, tcp(D, payload=b"x"))], [2, 1]),
    "attempt, repeated soon": ([(0, tcp(S)), (1, tcp(S)), (3, tcp(S))], [3]),
    "attempt, repeated late": ([(0, tcp(S)), (1, tcp(S)), (9, tcp(S))], [2, 1]),
    "SYN after RST": ([(0, tcp(S)), (0.1, tcp(R, back=True)), (0.5, tcp(S)), (0.6, tcp(R, back=True))], [2, 2]),
    "SYN after FIN": ([(0, tcp(S)), (0.1, tcp(F)), (0.2, tcp(F, back=True)), (1, tcp(S)), (1.1, tcp(S))], [3, 2]),
    "late ACK after FIN": ([(0, tcp(S)), (0.1, tcp(F)), (0.2, tcp(F, back=True)), (9, tcp(K))], [4]),
    "FIN and RST of old do not close": ([(0, tcp(F)), (1, tcp(S)), (2, tcp(S)), (3, tcp(H, back=True))], [1, 3]),
    "clock set back": ([(0, tcp(D, payload=b"x")), (-7200, tcp(D, payload=b"y"))], [2]),
    "a little out of order": ([(5, tcp(D, payload=b"x")), (0, tcp(D, payload=b"y")), (304, tcp(D, payload=b"z"))], [3]),
}


@pytest.mark.parametrize("name", GAPS)
def test_where_flows_end(name: str, flows: Flows) -> None:
    frames, packets = GAPS[name]
    got = flows(frames).sort("metadata.sequence")
    assert (got["traffic.packets_out"] + got["traffic.packets_in"]).to_list() == packets


@pytest.mark.parametrize(("gap", "expected"), [(59, [2]), (61, [1, 1])])
@pytest.mark.parametrize(
    "frame",
    [p.ethernet(p.ipv4(A, B, p.UDP, p.udp(A, B, 1, 2))), p.ethernet(p.ipv4(A, B, p.ICMP, p.icmp(8))), p.arp(A, B)],
)
def test_other_protocols_wait_a_minute(frame: bytes, gap: int, expected: list[int], flows: Flows) -> None:
    assert flows([(0, frame), (gap, frame)])["traffic.packets_out"].to_list() == expected


RETRANSMISSIONS: dict[str, tuple[list[tuple[int, int]], bool]] = {
    "in order": ([(100, 10), (110, 10), (120, 5)], False),
    "the same again": ([(100, 10), (100, 10)], True),
    "a part again": ([(100, 10), (110, 10), (105, 15)], True),
    "overlapping, with news": ([(100, 10), (105, 15)], False),
    "a hole": ([(100, 10), (130, 10)], False),
    "round the end of numbers": ([((1 << 32) - 5, 10), (5, 10), (15, 10)], False),
    "again, round the end of numbers": ([((1 << 32) - 5, 10), (5, 10), ((1 << 32) - 5, 10)], True),
}


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("name", RETRANSMISSIONS)
def test_retransmissions(name: str, back: bool, flows: Flows) -> None:
    segments, repeated = RETRANSMISSIONS[name]
    frames = [tcp(S), *(tcp(D, back=back, seq=seq, payload=bytes(size)) for seq, size in segments)]
    (history,) = flows(frames)["connection_info.flag_history"].to_list()
    assert (("t" if back else "T") in history) is repeated


def test_beyond_the_limit_the_longest_silent_flows_end_first() -> None:
    table = Table(limit=20)
    (packets, octets), many = _datagrams(30), np.arange(30)
    table.add(packets, octets, many, many, many, many)
    early = table.expire(int(many[-1]))
    assert early["sequence"].tolist() == list(range(12))
    assert sorted([*early["sequence"], *table.close()["sequence"]]) == list(range(30))


def _datagrams(count: int) -> tuple[Packets, Octets]:
    ports = np.arange(1000, 1000 + count)
    rows = blank(np.arange(count), protocol=UDP, source=1, target=2, source_port=ports, target_port=9)
    return rows, np.zeros((0, 16), np.uint8)


def test_ids_are_the_same_everywhere() -> None:
    keys = np.zeros(2, KEY)
    keys["protocol"] = 6, 17
    assert stamp(keys, np.array([5, 5])).tolist() == [458277207976105442, 4903282115100118301]


STEPS = st.tuples(
    st.sampled_from([S, H, K, F, R, D, S | p.FIN, F | R, 0]),
    st.booleans(),
    st.sampled_from([0, 100, 110, 120, (1 << 32) - 10]),
    st.sampled_from([0, 10, 20]),
    st.sampled_from([40000, 40001]),
    st.sampled_from([0.0, 0.5, 6.0, 11.0, 70.0, 301.0, -1.0, -4000.0]),
)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=25), chunk=st.integers(1, 400))
@example(steps=[(flags, False, 0, 0, 40000, 0.0) for flags in (S, F, H, S)], chunk=164)
def test_flows_do_not_depend_on_the_chunks(
    steps: list[tuple[int, bool, int, int, int, float]],
    chunk: int,
    capture: Callable[..., bytes],
    read: Callable[..., list[EventBatch]],
    rows: Callable[..., pl.DataFrame],
) -> None:
    clock, frames = 10_000.0, []
    for flags, back, seq, size, port, pause in steps:
        clock += pause
        frames.append((clock, tcp(flags, back=back, seq=seq, payload=bytes(size), ports=(port, 443))))
    data = capture(frames)
    whole, pieces = read(data), read(data, chunk)
    assert rows(whole).equals(rows(pieces))
    assert _records(whole) == _records(pieces) == len(frames)


def _records(batches: list[EventBatch]) -> int:
    return sum(b.records for b in batches)
