"""Blocks: any resolution, any order of sections and interfaces, options that lie about their length."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vedette.events.batch import Rejects
from vedette.events.times import LAST_MICROSECOND
from vedette.sources.pcap.container import Buffer
from vedette.sources.pcap.pcapng import BROKEN, ENHANCED, INTERFACE, SECTION, SIMPLE, chunks


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def interface(options: bytes = b"", link: int = 1, snap: int = 0) -> bytes:
    return block(INTERFACE, struct.pack("<HHI", link, 0, snap) + options)


def packet(ticks: int = 0, number: int = 0, captured: int = 4, data: bytes = b"data") -> bytes:
    return block(ENHANCED, struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, captured, 9) + data)


START = block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def read(data: bytes, size: int = 1 << 16) -> tuple[list[tuple[int, bytes, int]], int]:
    """Return (time, bytes, link) of each packet, and how many records are rejects."""
    buffer, rejects = Buffer(io.BytesIO(data), size), Rejects("pcap")
    found: list[tuple[int, bytes, int]] = []
    buffer.more()
    for chunk in chunks(buffer, rejects):
        assert chunk.sequence == len(found)
        columns = (c.tolist() for c in (chunk.time, chunk.start, chunk.end, chunk.link))
        found += [(t, bytes(chunk.data[a:b]), link) for t, a, b, link in zip(*columns, strict=True)]
    return found, int(rejects.batch().frame["count"].sum())


@example(192, 36_893_488_147_420)
@example(255, 2**64 - 1)
@given(st.integers(0, 255), st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 2**40)))
def test_every_resolution_gives_microseconds(code: int, ticks: int) -> None:
    a_second = 2 ** (code & 0x7F) if code & 0x80 else 10**code
    exact = min(ticks * 1_000_000 // a_second, LAST_MICROSECOND)
    ((time, _, _),), _ = read(START + interface(struct.pack("<HHB3x", 9, 1, code)) + packet(ticks))
    assert exact - 1 <= time <= exact


@pytest.mark.parametrize(("seconds", "time"), [(3, 3_000_005), (-3, 0), (2**63 - 1, LAST_MICROSECOND), (-(2**63), 0)])
def test_offsets_of_any_size(seconds: int, time: int) -> None:
    found, _ = read(START + interface(struct.pack("<HHq", 14, 8, seconds)) + packet(5))
    assert found[0][0] == time


@pytest.mark.parametrize(
    "options",
    [
        struct.pack("<HH", 9, 60_000),  # longer than the block
        struct.pack("<HHBxxx", 9, 0, 3),  # no value
        struct.pack("<HHHxx", 9, 2, 3),  # a value of the wrong size
        struct.pack("<HHI", 14, 4, 3),
        struct.pack("<HHHHB3x", 0, 0, 9, 1, 3),  # behind the end of the options
        b"\x09\x00",
    ],
)
def test_options_that_lie_are_passed_over(options: bytes) -> None:
    found, rejected = read(START + interface(options) + packet(5))
    assert found == [(5, b"data", 1)]
    assert not rejected


@pytest.mark.parametrize(
    "bad",
    [
        packet(number=1),
        packet(number=0xFFFFFFFF),
        packet(captured=5),
        packet(captured=0xFFFFFFFF),
        block(ENHANCED, b""),
    ],
)
def test_a_packet_that_makes_no_sense_keeps_its_place(bad: bytes) -> None:
    found, rejected = read(START + interface() + packet(1) + bad + packet(2))
    assert [(t, data) for t, data, link in found if link != BROKEN] == [(1, b"data"), (2, b"data")]
    assert (found[1][1:], rejected) == ((b"", BROKEN), 1)


def test_interfaces_count_anew_in_each_section() -> None:
    data = START + interface(link=101) + packet(1) + START + packet(2) + interface(link=113) + packet(3)
    found, rejected = read(data)
    assert [link for _, _, link in found] == [101, BROKEN, 113]
    assert rejected == 1


@pytest.mark.parametrize(("length", "snap", "kept"), [(4, 0, 4), (4, 2, 2), (2**32 - 1, 0, 4), (0, 0, 0)])
def test_a_simple_packet_ends_with_length_snap_or_block(length: int, snap: int, kept: int) -> None:
    found, _ = read(START + interface(snap=snap) + block(SIMPLE, struct.pack("<I", length) + b"data"))
    assert found == [(0, b"data"[:kept], 1)]


@given(st.binary(max_size=200), st.integers(1, 64))
def test_any_bytes_behind_a_good_packet_leave_it_whole(tail: bytes, size: int) -> None:
    found, _ = read(START + interface() + packet(7) + tail, size)
    assert found[0] == (7, b"data", 1)
