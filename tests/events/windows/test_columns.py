"""Fields to columns."""

from __future__ import annotations

import polars as pl

from vedette.events.windows.columns import MOST_COLUMNS, as_columns, narrowed, text_of


def test_text_of() -> None:
    values = [None, "a", True, 7, ["x", 1], [{"a": 1}], {"b": None}, 1.5]
    assert [text_of(v) for v in values] == [None, "a", "true", "7", "x\n1", '[{"a":1}]', '{"b":null}', "1.5"]


def test_as_columns() -> None:
    frame = as_columns([{"A": "x", "B": 1, "none": None}, {"A": "y", "Channel": "c"}])
    assert frame.to_dict(as_series=False) == {
        "unmapped.A": ["x", "y"],
        "unmapped.B": ["1", None],
        "unmapped.EventData.Channel": [None, "c"],
    }
    assert as_columns([{}, {}]).width == 0


def test_too_many_fields_become_one_text() -> None:
    wide = as_columns([{f"f{i}": "v" for i in range(MOST_COLUMNS + 5)}, {"f3": "w"}])
    assert wide.width == MOST_COLUMNS + 1
    assert wide["unmapped"].null_count() == 1
    assert wide["unmapped.f3"].to_list() == ["v", "w"], "the fields of the most rows keep their columns"


def test_narrowed_keeps_what_it_takes_away() -> None:
    columns = {f"unmapped.f{i}": ["a", "b"] for i in range(MOST_COLUMNS)} | {"unmapped.rare": [None, "kept"]}
    frame = narrowed(pl.DataFrame(columns))
    assert "unmapped.rare" not in frame.columns
    assert frame["unmapped"].to_list() == [None, '{"rare":"kept"}']
    again = narrowed(
        frame.with_columns(pl.lit("z").alias("unmapped.late"), pl.lit(None, pl.String).alias("unmapped.later"))
    )
    assert again["unmapped"].to_list()[1] == '{"rare":"kept","late":"z"}'
