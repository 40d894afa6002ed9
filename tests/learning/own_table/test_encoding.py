"""Columns of a table as evidence."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.errors import ModelError
from vedette.learning.own_table.encoding import Encoding


def table() -> pl.DataFrame:
    n = 200
    return pl.DataFrame(
        {
            "label": [i % 2 for i in range(n)],
            "size": [float(i) for i in range(n)],
            "kind": ["a" if i % 3 else "b" for i in range(n)],
            "rare": ["x" if i else "once" for i in range(n)],
            "name": [f"row-{i}" for i in range(n)],
            "same": [7] * n,
            "flag": [i < 3 for i in range(n)],
        }
    )


def test_which_columns_are_looked_at() -> None:
    made = Encoding.of(table(), ["label"])
    assert list(made.numbers) == ["size", "flag"]
    assert dict(made.words) == {"kind": ["a", "b"], "rare": ["x"]}
    assert set(made.left_out) == {"name", "same"}
    assert made.numbers["flag"] == [0.5]


def test_every_row_has_one_slot_of_each_column() -> None:
    made = Encoding.of(table(), ["label"])
    numbers, words = made.blocks(table())
    assert len(numbers.slot) == 2 * 200
    assert len(words.slot) == 2 * 200
    strange = (
        table().head(1).with_columns(size=pl.lit(None, pl.Float64), kind=pl.lit("new"), rare=pl.lit(None, pl.String))
    )
    n, w = made.blocks(strange)
    assert n.slot[0] == len(made.numbers["size"]) + 1
    assert w.slot.tolist() == [2, 4 + 2]


def test_it_comes_back_from_what_it_tells() -> None:
    made = Encoding.of(table(), ["label"])
    again = Encoding.load(made.plain())
    assert again == made
    assert again.version == made.version
    assert again.missing(table().drop("kind")) == ["kind"]
    with pytest.raises(ModelError):
        Encoding.load({"numbers": []})
