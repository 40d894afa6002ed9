from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.lists import list_column, list_columns


@given(st.lists(st.none() | st.lists(st.none() | st.text(max_size=3), max_size=4)))
def test_a_list_column_is_what_polars_would_build_row_by_row(rows: list[list[str | None] | None]) -> None:
    got = list_column("x", rows, pl.String)
    assert got.to_list() == [row or None for row in rows]
    assert (got.name, got.dtype) == ("x", pl.List(pl.String))


def test_columns_of_equal_lengths_stay_beside_each_other() -> None:
    got = list_columns([1, 0, 2], {"a": pl.Series([1, 2, 3]), "b": pl.Series(["x", None, "z"])})
    assert got["a"].to_list() == [[1], None, [2, 3]]
    assert got["b"].to_list() == [["x"], None, [None, "z"]]
