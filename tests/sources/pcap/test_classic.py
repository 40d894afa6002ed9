"""Records of the classic format, as columns: the walk bears any length that a file may claim."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.sources.pcap.classic import HEADER_BYTES, MAGIC, chunks
from vedette.sources.pcap.container import RECORD_LIMIT_BYTES, Buffer

MICRO, NANO = b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"
Row = tuple[int, int, int, bytes, int]


def capture(magic: bytes, *records: tuple[int, int, bytes], link: int = 1) -> bytes:
    variant = MAGIC[magic]
    out = magic + struct.pack(variant.order + "HHiIII", 2, 4, 0, 0, 65_535, link)
    for second, tick, data in records:
        head = struct.pack(variant.order + "IIII", second, tick, len(data), len(data) + 4)
        out += head + bytes(variant.record_bytes - len(head)) + data
    return out


def read(data: bytes, size: int = 1 << 16) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return (number, time, length, bytes, link) of each packet, and (number, reason) of each reject."""
    buffer, rejects, found = Buffer(io.BytesIO(data), size), Rejects("pcap"), []
    buffer.more()
    while buffer.left < min(HEADER_BYTES, len(data)) and buffer.more():
        pass
    for chunk in chunks(buffer, rejects):
        columns = (chunk.time, chunk.length, chunk.start, chunk.end, chunk.link)
        for i, (time, length, start, end, link) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            found.append((chunk.sequence + i, time, length, bytes(chunk.data[start:end]), link))
    frame = rejects.batch().frame
    said = zip(frame["metadata.sequence"].to_list(), frame["status_detail"].to_list(), strict=True)
    return found, [(n, text.split(" (first")[0]) for n, text in said]


@pytest.mark.parametrize("magic", MAGIC)
def test_each_variant_says_the_same(magic: bytes) -> None:
    tick = 7 * MAGIC[magic].divisor
    assert read(capture(magic, (1, tick, b"ab"), (2, 0, b""))) == (
        [(0, 1_000_007, 6, b"ab", 1), (1, 2_000_000, 4, b"", 1)],
        [],
    )


def test_nanoseconds_are_cut_and_ticks_may_pass_a_second() -> None:
    found, _ = read(capture(NANO, (1, 1_999, b""), (1, 4_000_000_000, b"")))
    assert [time for _, time, *_ in found] == [1_000_001, 5_000_000]


@pytest.mark.parametrize(("length", "whole"), [(RECORD_LIMIT_BYTES, 2), (RECORD_LIMIT_BYTES + 1, 1)])
def test_the_longest_packet(length: int, whole: int) -> None:
    found, rejected = read(
        capture(MICRO, (1, 0, b"a"), (2, 0, bytes(length)), (3, 0, b"b"))[: -17 if whole == 2 else None]
    )
    assert len(found) == whole
    assert rejected == ([] if whole == 2 else [(1, "packet longer than 256 KiB: the rest is lost")])


@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 90), st.integers(0, 15))
def test_neither_chunks_nor_a_cut_lose_a_whole_packet(frames: list[bytes], size: int, missing: int) -> None:
    data = capture(MICRO, *((n, n, frame) for n, frame in enumerate(frames)))
    whole, rejected = read(data[: len(data) - missing] if frames else data, size)
    kept = len(frames) - bool(missing and frames)
    assert [row[3] for row in whole] == frames[:kept]
    left = len(frames[-1]) + 16 - missing if frames and missing else 0
    assert rejected == ([(kept, "packet cut off by the end of the file")] if left else [])


@pytest.mark.parametrize("length", [4, 8, HEADER_BYTES - 1])
def test_half_a_file_header_is_no_capture(length: int) -> None:
    with pytest.raises(SourceError, match="ends within its file header"):
        read(capture(MICRO)[:length])


def test_the_upper_half_of_the_link_type_is_not_the_link_type() -> None:
    found, _ = read(capture(MICRO, (0, 0, b""), link=0xF000_0065))
    assert found[0][4] == 0x65
