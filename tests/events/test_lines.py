from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.lines import Block, blocks


class Short(io.BytesIO):
    """A stream that gives a few bytes at a time, and may break at its end."""

    def __init__(self, data: bytes, most: int, broken: bool = False) -> None:
        super().__init__(data)
        self._most, self._broken = most, broken

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(min(size or 0, self._most))
        if self._broken and not data:
            raise SourceError("ends early", where="here")
        return data


@given(st.binary(max_size=200), st.integers(1, 50))
def test_the_lines_are_the_streams_lines_whatever_the_block_size(data: bytes, size: int) -> None:
    data = data.replace(b"\r", b"")
    got = [line for b in blocks(io.BytesIO(data), size=size) for line in b.lines()]
    want = data.split(b"\n")
    assert got == (want[:-1] if not want[-1] else want)


@given(st.lists(st.binary(max_size=8).map(lambda b: b.replace(b"\n", b"")), min_size=1), st.integers(1, 50))
def test_offsets_and_numbers_point_at_the_line(lines: list[bytes], size: int) -> None:
    data = b"".join(line + b"\n" for line in lines)
    for block in blocks(io.BytesIO(data), size=size):
        assert data[block.offset :].startswith(block.data)
        assert data[: block.offset].count(b"\n") == block.sequence


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 60), st.booleans())
def test_an_overlong_line_is_cut_and_the_others_are_whole(lengths: list[int], size: int, ended: bool) -> None:
    lines = [bytes([65 + n % 26]) * length for n, length in enumerate(lengths)]
    data = b"\n".join(lines) + b"\n" * ended
    got = {
        b.sequence + n: (line, b.overlong)
        for b in blocks(io.BytesIO(data), size=size, limit=30)
        for n, line in enumerate(b.lines())
    }
    want = {n: (line[:30], len(line) > 30) for n, line in enumerate(lines) if ended or n < len(lines) - 1 or line}
    assert got == want


@given(st.integers(1, 7), st.integers(20, 60))
def test_short_reads_still_fill_blocks(most: int, size: int) -> None:
    found = list(blocks(Short(b"12345678\n" * 40, most), size=size))
    assert b"".join(b.data for b in found) == b"12345678\n" * 40
    assert all(abs(len(b.data) - size) <= 9 for b in found[:-1])


@given(st.integers(1, 40), st.integers(5, 60))
def test_the_whole_lines_before_a_break_are_kept(most: int, size: int) -> None:
    found: list[Block] = []
    with pytest.raises(SourceError, match="ends early"):
        found.extend(blocks(Short(b"1234\n" * 10 + b"56", most, broken=True), size=size))
    assert b"".join(b.data for b in found) == b"1234\n" * 10
