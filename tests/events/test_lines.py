from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from vedette.events.lines import blocks


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


def test_an_overlong_line_is_cut_and_the_next_one_is_whole() -> None:
    data = b"a\n" + b"x" * 100 + b"\nb\nc"
    got = [(b.sequence, b.overlong, b.lines()) for b in blocks(io.BytesIO(data), size=10, limit=30)]
    assert [g for g in got if g[1]] == [(1, True, [b"x" * 30])]
    assert got[0] == (0, False, [b"a"])
    assert [line for seq, over, lines in got if not over and seq > 1 for line in lines] == [b"b", b"c"]
