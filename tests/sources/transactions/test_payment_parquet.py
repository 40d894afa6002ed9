"""Parquet: a file, a pipe, a damaged one, one that claims too much."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from vedette.errors import LimitError, SourceError
from vedette.intel.payment_columns import Payments
from vedette.sources.transactions.payment_parquet import ROWS, tables
from vedette.testing.laws.source import ShortReads


def written(rows: int = 5) -> bytes:
    frame = pl.DataFrame({"n": range(rows)}).select(
        time=pl.lit(datetime(2026, 3, 5, tzinfo=UTC)) + pl.duration(seconds="n"),
        card="n",
        amount=pl.col("n") / 8,
        currency=pl.lit("EUR"),
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_rows_come_in_parts_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(written(3 * ROWS))
    with path.open("rb") as file:
        parts = list(tables(file, Payments()))
    assert len(parts) > 1
    whole = pl.concat(parts)
    assert whole["metadata.sequence"].to_list() == list(range(3 * ROWS))
    assert whole["account"].to_list() == [str(i) for i in range(3 * ROWS)]
    assert whole.schema["amount"] == pl.Float64


def test_a_pipe_is_copied() -> None:
    data = written()
    assert pl.concat(tables(io.BytesIO(data), Payments())).height == 5
    assert pl.concat(tables(ShortReads(data, 1), Payments())).height == 5  # type: ignore[arg-type]


def test_what_holds_no_payments_is_said() -> None:
    out = io.BytesIO()
    pl.DataFrame({"time": ["x"], "host": ["y"]}).write_parquet(out)
    with pytest.raises(SourceError, match="no column for account, amount"):
        list(tables(io.BytesIO(out.getvalue()), Payments()))


@pytest.mark.parametrize("cut", [4, 30, -5])
def test_a_damaged_file_is_a_source_error(cut: int) -> None:
    with pytest.raises(SourceError):
        list(tables(io.BytesIO(written()[:cut]), Payments()))


def test_rows_without_end_are_refused() -> None:
    out = io.BytesIO()
    pl.select(
        pl.repeat("x", 3_000_000).alias("time"), card=pl.lit("a"), amount=pl.lit(1), currency=pl.lit("EUR")
    ).write_parquet(out)
    with pytest.raises(LimitError, match="more rows"):
        list(tables(io.BytesIO(out.getvalue()), Payments()))
