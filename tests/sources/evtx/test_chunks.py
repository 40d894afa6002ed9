"""Chunks: whole, damaged, cut, empty."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import Rejects
from vedette.sources.evtx.chunks import CHUNK_BYTES, HEADER_BYTES, Chunks, file_header
from vedette.sources.evtx.evtx_writer import Written, evtx

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _file(count: int, per_chunk: int, dirty: bool = False) -> bytes:
    events = [Written(START + timedelta(seconds=i), "P", i, "C", "h", {"n": str(i)}) for i in range(count)]
    return evtx(events, per_chunk, dirty=dirty)


def _read(data: bytes) -> tuple[list[str], dict[str, int], int]:
    rejects = Rejects("evtx")
    chunks = Chunks(io.BytesIO(data), rejects)
    codes = [row.EventData["n"] for _, _, rows in chunks.read() for row in rows]
    frame = rejects.batch().frame
    return codes, dict(zip(frame["status_detail"], frame["count"], strict=True)), chunks.records


@pytest.mark.parametrize("dirty", [False, True])
def test_every_record_of_every_chunk(dirty: bool) -> None:
    codes, rejects, records = _read(_file(7, 3, dirty))
    assert codes == [str(i) for i in range(7)]
    assert not rejects
    assert records == 7


def test_a_header_that_is_behind_its_chunks_is_not_believed() -> None:
    data = file_header(0) + _file(4, 2)[HEADER_BYTES:]
    assert _read(data)[0] == ["0", "1", "2", "3"]


def test_damage_stays_where_it_is() -> None:
    data = bytearray(_file(6, 2))
    data[HEADER_BYTES + CHUNK_BYTES : HEADER_BYTES + CHUNK_BYTES + 8] = b"damaged!"
    codes, rejects, records = _read(bytes(data))
    assert codes == ["0", "1", "4", "5"]
    assert rejects == {f"a chunk that cannot be read (first at byte {HEADER_BYTES + CHUNK_BYTES})": 1}
    assert records == 5
    data = bytearray(_file(6, 2))
    data[HEADER_BYTES + 512 + 60 : HEADER_BYTES + 512 + 90] = b"\xff" * 30
    codes, rejects, _ = _read(bytes(data))
    assert codes == ["1", "2", "3", "4", "5"]
    assert rejects == {f"a record that cannot be read (first at byte {HEADER_BYTES})": 1}


def test_what_was_never_written_to_is_passed_over() -> None:
    codes, rejects, _ = _read(_file(2, 2) + bytes(3 * CHUNK_BYTES) + bytes(100))
    assert codes == ["0", "1"]
    assert not rejects


def test_a_file_that_is_cut_gives_what_is_whole() -> None:
    codes, rejects, _ = _read(_file(6, 3)[: HEADER_BYTES + CHUNK_BYTES + 5_000])
    assert codes[:3] == ["0", "1", "2"]
    assert any("ends within a chunk" in r for r in rejects)
    with pytest.raises(SourceError, match="header"):
        _read(file_header(1)[:100])


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=12))
def test_hostile_bytes_end_in_rows_and_rejects(at: int, noise: bytes) -> None:
    data = bytearray(_file(4, 4))
    data[HEADER_BYTES + at : HEADER_BYTES + at + len(noise)] = noise
    rejects = Rejects("evtx")
    rows = [r for _, _, rows in Chunks(io.BytesIO(bytes(data)), rejects).read() for r in rows]
    assert len(rows) <= 4
