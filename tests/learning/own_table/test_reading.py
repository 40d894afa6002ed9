"""Tables of three forms, and what is none."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.errors import DataError
from vedette.learning.own_table.reading import read_table


def test_three_forms_say_the_same(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    frame.write_csv(tmp_path / "t.csv")
    frame.write_parquet(tmp_path / "t.parquet")
    frame.write_ndjson(tmp_path / "t.jsonl")
    assert all(read_table(p).equals(frame) for p in tmp_path.iterdir())


@pytest.mark.parametrize("data", [b"", b"a,b\n", b"PAR1 but no more", b"{no json\n"])
def test_what_is_no_table(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t"
    path.write_bytes(data)
    with pytest.raises(DataError):
        read_table(path)


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_table(tmp_path / "nothing.csv")
