from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from vedette.features.totals import FAN, Totals

T0 = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA = {"host": pl.String(), "time": pl.Datetime("us", "UTC"), "flows": pl.Int64(), "ports": pl.List(pl.Int64)}


def _merged(frames: list[pl.DataFrame]) -> pl.DataFrame:
    names = frames[0].columns
    whole = pl.concat([f.select(names) for f in frames])
    return whole.group_by("host", "time").agg(
        pl.col("flows").sum(), pl.col("ports").list.explode(empty_as_null=False).unique().sort().head(3)
    )


def _rows(rows: list[tuple[str | None, int, int]]) -> pl.DataFrame:
    told = [(host, T0 + timedelta(minutes=minute), 1, [port]) for host, minute, port in rows]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(*SCHEMA).sort("host", "time")


BATCH = st.lists(
    st.tuples(st.sampled_from(["a", "b", "", None]), st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BATCH, min_size=1, max_size=FAN**2 + 3))
def test_whatever_way_it_came_each_window_has_one_row_of_all_its_partials(
    batches: list[list[tuple[str | None, int, int]]],
) -> None:
    totals = Totals(["host"], _merged)
    for batch in batches:
        totals.add(_rows(batch))
    whole = _merged([_rows(b) for b in batches])
    assert_frame_equal(_sorted(pl.concat(totals.frames())), _sorted(whole))
    last = _rows(batches[-1]).select("host", "time").unique()
    found = whole.join(last, on=["host", "time"], how="semi", nulls_equal=True)
    assert_frame_equal(_sorted(totals.find(last)), _sorted(found))
    assert totals.earliest == whole["time"].min()


def test_a_window_that_nobody_had_is_not_found() -> None:
    totals = Totals(["host"], _merged)
    assert totals.find(_rows([("a", 0, 1)])).height == 0
    totals.add(_rows([("a", 0, 1)]), single=True)
    assert totals.find(_rows([("a", 1, 1), ("b", 0, 1)])).height == 0
    assert totals.find(_rows([("b", 0, 1), ("a", 0, 1), ("a", 0, 2)])).height == 1


def test_rows_that_are_passed_over_do_not_pile_up() -> None:
    totals = Totals(["host"], _merged)
    for n in range(1_000):
        totals.add(_rows([("a", 0, n % 3), ("b", n % 5, 1)]))
    assert len(totals) < 6 * 2 * FAN
    assert len(totals._runs) < 3 * FAN


def test_nothing_is_nothing() -> None:
    totals = Totals(["host"], _merged)
    totals.add(_rows([]))
    assert (totals.frames(), len(totals), totals.earliest) == ([], 0, None)
