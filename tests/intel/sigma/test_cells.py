from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.sigma.cells import FEW, Cells, all_text, text_of
from vedette.intel.sigma.values import LONGEST

VALUES = st.lists(st.none() | st.text("aB\u00e9", max_size=2), max_size=20)


def _back(cells: Cells) -> list[str | None]:
    return [cells.values[c] if c < len(cells.values) else None for c in cells.codes.tolist()]


@given(VALUES)
def test_few_and_many_rows_are_numbered_alike(values: list[str | None]) -> None:
    few = Cells(pl.Series(values, dtype=pl.String))
    many = Cells(pl.Series([*values, *[None] * FEW, "x"], dtype=pl.String))
    assert _back(few) == values
    assert _back(many)[: len(values)] == values
    assert few.lowered == [v.lower() for v in few.values]
    assert few.counts.sum() == len(values)
    assert many.counts[-1] == FEW + values.count(None)


def test_a_long_value_is_cut() -> None:
    [value] = Cells(pl.Series(["x" * (LONGEST + 5)])).values
    assert len(value) == LONGEST


def test_what_a_field_says_as_text() -> None:
    frame = pl.DataFrame(
        {
            "a": [None, "x"],
            "n": [1, None],
            "l": [["p", "q"], None],
            "b": [True, False],
            "t": [datetime(2026, 1, 5, tzinfo=UTC)] * 2,
        }
    )
    assert text_of(frame, ("a", "n")).to_list() == ["1", "x"]
    assert text_of(frame, ("l",)).to_list() == ["p,q", None]
    assert text_of(frame, ("b",)).to_list() == ["true", "false"]
    assert text_of(frame, ("t",))[0].startswith("2026-01-05T00:00:00")
    assert text_of(frame, ("absent",)).to_list() == [None, None]
    assert text_of(frame, ("absent",)).dtype == pl.String


def test_everything_that_an_event_says() -> None:
    frame = pl.DataFrame({"a": ["x", None], "l": [["p"], ["q", "r"]], "n": [1, 2], "metadata.log_name": ["f", "f"]})
    assert all_text(frame).to_list() == ["x\np", "q,r"]
    assert all_text(frame.select("n")).to_list() == [None, None]
