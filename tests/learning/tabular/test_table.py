from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import zstandard

from vedette.errors import DataError
from vedette.learning.tabular.table import opened, table

ROWS = pl.DataFrame(
    {
        "bytes": [0.0, 99.0, -1.0, float("nan")],
        "rate": [0.0, 0.5, 1.0, 0.2],
        "proto": ["tcp", None, "udp", "tcp"],
        "k": list("abcd"),
    }
)


def test_counts_are_orders_of_magnitude_and_shares_stay() -> None:
    made = table(ROWS, ["bytes", "rate"], ["proto"], "k")
    assert made.numbers[:, 0].tolist() == pytest.approx([0, np.log(100), 0, 0])
    assert made.numbers[:, 1].tolist() == [0.0, 0.5, 1.0, 0.2]
    assert made.words[:, 0].tolist() == ["tcp", "", "udp", "tcp"]


def test_taking_rows_keeps_what_belongs_to_them() -> None:
    rows = ROWS.with_columns(k=pl.Series(["normal", "scan", "scan", "flood"]))
    made = table(rows, ["rate"], [], "k", ["proto"]).take(np.array([1, 3]))
    assert (made.kinds, made.attack.tolist(), made.about["proto"].to_list()) == (
        ["flood", "scan"],
        [True, True],
        [None, "tcp"],
    )
    assert len(table(rows, ["rate"], [], "k").take(rows["rate"].to_numpy() > 0.1)) == 3


def test_files_are_unpacked_and_checked(tmp_path: Path) -> None:
    packed = zstandard.ZstdCompressor().compress(b"1,2\n")
    (tmp_path / "a.csv.zst").write_bytes(packed)
    known = {"a.csv.zst": hashlib.sha256(packed).hexdigest(), "b.csv": ""}
    assert opened(tmp_path, known, "a.csv.zst").read() == b"1,2\n"
    with pytest.raises(DataError, match="not here"):
        opened(tmp_path, known, "b.csv")
    with pytest.raises(DataError, match="another"):
        opened(tmp_path, {"a.csv.zst": "0"}, "a.csv.zst")
