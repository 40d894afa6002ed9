"""A conversation is the same flow on the wire and in conn.log."""

from __future__ import annotations

from random import Random

import pytest

from vedette.app.drill.conversation import CONN_FIELDS, MSS, Conversation, Turn, conn_line, frames, segments
from vedette.testing.packets import ACK, FIN, RST, SYN

INSIDE, OUTSIDE = "10.0.0.1", "192.0.2.9"
TURNS = (Turn(True, b"a" * 100), Turn(False, b"b" * (3 * MSS + 1), 0.5))


def talk(state: str = "SF", protocol: str = "tcp", turns: tuple[Turn, ...] = TURNS) -> Conversation:
    return Conversation(1_000_000, protocol, INSIDE, OUTSIDE, 40_000, 443, turns, state, "ssl")


def logged(conversation: Conversation) -> dict[str, str]:
    return dict(zip(CONN_FIELDS, conn_line(conversation, Random(1)).split("\t"), strict=True))


@pytest.mark.parametrize(
    ("state", "flags"),
    [("S0", [SYN]), ("REJ", [SYN, RST | ACK]), ("RSTO", [SYN, SYN | ACK, RST])],
)
def test_tries_that_come_to_nothing(state: str, flags: list[int]) -> None:
    assert [s.flags for s in segments(talk(state), Random(1))] == flags


def test_a_whole_connection_counts_its_bytes() -> None:
    sent = {True: 0, False: 0}
    start: dict[bool, int] = {}
    last = 0
    for s in segments(talk(), Random(1)):
        start.setdefault(s.from_src, s.seq)
        assert s.seq == start[s.from_src] + sent[s.from_src]
        assert not s.flags & ACK or s.ack == start[not s.from_src] + sent[not s.from_src]
        assert len(s.data) <= MSS
        assert s.time_us >= last
        sent[s.from_src] += len(s.data) + bool(s.flags & (SYN | FIN))
        last = s.time_us
    assert sent == {True: 102, False: 3 * MSS + 3}


def test_frames_carry_what_was_said() -> None:
    said = {True: b"", False: b""}
    for _, frame in frames(talk(), Random(1)):
        said[frame[26:30] == bytes((10, 0, 0, 1))] += frame[14 + 20 + (frame[46] >> 4) * 4 :]
    assert said == {True: TURNS[0].data, False: TURNS[1].data}


def test_the_log_counts_what_the_wire_carries() -> None:
    row, wire = logged(talk()), list(frames(talk(), Random(1)))
    ours = [f for _, f in wire if f[26:30] == bytes((10, 0, 0, 1))]
    assert (row["orig_bytes"], row["resp_bytes"]) == ("100", str(3 * MSS + 1))
    assert (row["orig_pkts"], row["resp_pkts"]) == (str(len(ours)), str(len(wire) - len(ours)))
    assert int(row["orig_ip_bytes"]) == sum(len(f) - 14 for f in ours)
    assert float(row["duration"]) == pytest.approx((wire[-1][0] - wire[0][0]) / 1e6)
    assert (row["conn_state"], row["local_orig"], row["local_resp"], row["service"]) == ("SF", "T", "F", "ssl")


def test_one_packet_has_no_duration() -> None:
    row = logged(talk("S0"))
    assert (row["duration"], row["orig_bytes"], row["history"]) == ("-", "-", "S")


def test_datagrams_are_answered_or_not() -> None:
    assert logged(talk(protocol="udp"))["conn_state"] == "SF"
    assert logged(talk(protocol="udp", turns=TURNS[:1]))["conn_state"] == "S0"
    ping = logged(talk(protocol="icmp"))
    assert (ping["id.orig_p"], ping["id.resp_p"]) == ("8", "0")
