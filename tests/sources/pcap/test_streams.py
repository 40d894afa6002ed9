"""Streams: segments in any order, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap import streams
from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.streams import DONE, MORE, SEGMENT_LIMIT, Dialogue, Stream, Streams, ahead

ENDS = ("10.0.0.1", 40_000, "192.0.2.1", 9, 6, 1)
CODE = 1


class Lines(Dialogue):
    """A protocol of lines: ``skip N`` announces a body, ``bye`` is the last word."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, bytes]] = []
        self.expired: list[int] = []
        self.names: list[tuple[int, int]] = []

    def name(self, flow: int, code: int) -> None:
        self.names.append((flow, code))

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        end = buffer.find(b"\n") + 1
        if not end and not final:
            return MORE
        line = buffer[: end or len(buffer)]
        self.lines.append((mark.sequence, line))
        if line == b"bye\n":
            return DONE
        return len(line) + (int(line[5:]) if line.startswith(b"skip ") else 0)

    def expire(self, now: int) -> None:
        self.expired.append(now)

    def close(self) -> None:
        self.lines.append((-1, b"closed"))


Segment = tuple[int, bytes] | tuple[int, bytes, int]


def read(*segments: Segment, key: int = 2) -> list[bytes]:
    """Return the lines read from segments: sequence number, bytes, code (1 unless said)."""
    lines = Lines()
    table = Streams({CODE: lines}, lines.name)
    for n, (seq, payload, *code) in enumerate(segments):
        table.packet(key, seq & 0xFFFF_FFFF, payload, code[0] if code else CODE, Mark(n, n, ENDS))
    table.close()
    return [line for _, line in lines.lines[:-1]]


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [(5, 3, 2), (3, 5, -2), (1, 0xFFFF_FFFF, 2), (0xFFFF_FFFF, 1, -2), (1 << 31, 0, -1 << 31)],
)
def test_sequence_numbers_wrap(a: int, b: int, distance: int) -> None:
    assert ahead(a, b) == distance


def test_one_segment_many_messages() -> None:
    assert read((0, b"one\ntwo\nthree\n")) == [b"one\n", b"two\n", b"three\n"]


def test_a_message_over_segments_and_the_wrap() -> None:
    assert read((-3, b"one"), (0, b" two", 0), (4, b" three\n", 0)) == [b"one two three\n"]


def test_late_and_repeated_segments() -> None:
    parts: list[tuple[int, bytes] | tuple[int, bytes, int]] = [
        (0, b"one"),
        (7, b"three\n", 0),
        (0, b"one"),
        (3, b"two ", 0),
        (3, b"two ", 0),
    ]
    assert read(*parts) == [b"onetwo three\n"]


def test_a_message_is_not_read_twice() -> None:
    assert read((0, b"one\n"), (0, b"one\n"), (4, b"two\n")) == [b"one\n", b"two\n"]


def test_bodies_are_passed_over() -> None:
    assert read((0, b"skip 10\n12345"), (13, b"in body"), (18, b"next\n")) == [b"skip 10\n", b"next\n"]


def test_the_last_word_is_not_said_twice() -> None:
    assert read((0, b"bye\nmore\n"), (0, b"bye\nmore\n"), (9, b"again\n")) == [b"bye\n", b"again\n"]


def test_what_begins_nothing_is_left_alone() -> None:
    assert read((0, b"bulk", 0), (4, b"bulk", 0)) == []


def test_a_gap_before_a_new_message_ends_the_old() -> None:
    assert read((0, b"cut"), (500, b"new\n")) == [b"cut", b"new\n"]


def test_the_other_side_ends_a_message() -> None:
    lines = Lines()
    table = Streams({CODE: lines}, lines.name)
    table.packet(2, 0, b"question", CODE, Mark(0, 0, ENDS))
    table.packet(3, 0, b"answer\n", CODE, Mark(1, 1, ENDS))
    assert lines.lines == [(0, b"question"), (1, b"answer\n")]
    assert lines.names == [(1, CODE), (1, CODE)]


def test_segments_and_bytes_are_bounded() -> None:
    many = [(n, b"x", CODE if n == 0 else 0) for n in range(SEGMENT_LIMIT + 9)]
    assert read(*many) == [b"x" * SEGMENT_LIMIT]
    assert len(read((0, bytes(1 << 20)))[0]) <= 2 * streams.MESSAGE_LIMIT_BYTES


def test_open_streams_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "OPEN_LIMIT", 3)
    monkeypatch.setattr(streams, "HELD_LIMIT_BYTES", 50)
    lines = Lines()
    table = Streams({CODE: lines}, lines.name)
    for n in range(6):
        table.packet(2 * n, 0, b"x", CODE, Mark(n, n, ENDS))
    assert table.open_keys() == [6, 8, 10]
    table.packet(100, 0, b"x" * 49, CODE, Mark(7, 7, ENDS))
    assert table.open_keys() == [10, 100]
    assert [n for n, _ in lines.lines] == [0, 1, 2, 3, 4]


def test_what_stays_silent_is_given_up() -> None:
    lines = Lines()
    table = Streams({CODE: lines}, lines.name)
    table.packet(2, 0, b"silent", CODE, Mark(1, 0, ENDS))
    table.packet(4, 0, b"later\n", CODE, Mark(1_000_000_000, 1, ENDS))
    assert lines.lines == [(0, b"silent"), (1, b"later\n")]
    assert lines.expired == [1, 1_000_000_000]


@settings(deadline=5_000)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from([0, CODE])), max_size=70))
def test_any_segments_end(parts: list[tuple[int, int, int]]) -> None:
    text = b"abcdefghi\n" * 10
    read(*((at, text[at : at + size], code) for at, size, code in parts))


@settings(deadline=5_000)
@given(st.permutations([(n * 5, b"abcd "[: 5 if n < 9 else 4] + b"\n" * (n == 9)) for n in range(1, 10)]))
def test_order_does_not_matter(later: list[tuple[int, bytes]]) -> None:
    stream = Stream(CODE, 0, Mark(0, 0, ENDS))
    for seq, payload in [(0, b"abcd "), *later]:
        stream.push(seq, payload)
    assert (stream.buffer, stream.late) == (b"abcd " * 9 + b"abcd\n", {})
