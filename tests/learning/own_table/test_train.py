"""A model of a table: learned, with its leaks told, and asked by time and group."""

from __future__ import annotations

import random

import polars as pl
import pytest

from vedette.errors import DataError
from vedette.learning.own_table.train import Columns, bad_rows, trained


def table(n: int = 1200, seed: int = 0, **more: list[object]) -> pl.DataFrame:
    """Return rows whose label depends on two numbers and a word, with a machine and a day each."""
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        bad = draw.random() < 0.2
        rows.append(
            {
                "day": i // 40,
                "machine": f"m{draw.randrange(40)}",
                "size": draw.gauss(3.0 if bad else 0.0, 1.5),
                "port": draw.choice([22, 445]) if bad else draw.choice([80, 443, 22]),
                "kind": draw.choice("aab" if bad else "bbc"),
                "label": "attack" if bad else "normal",
            }
        )
    return pl.DataFrame(rows).with_columns(pl.Series(k, v) for k, v in more.items())


@pytest.mark.parametrize(
    "columns",
    [Columns("label"), Columns("label", "machine"), Columns("label", "", "day"), Columns("label", "machine", "day")],
)
def test_it_learns_and_says_how_it_parted_the_rows(columns: Columns) -> None:
    if columns.group and columns.time:
        rows = table(5000).with_columns(machine=pl.col("machine") + "-" + (pl.col("day") // 20).cast(pl.String))
    else:
        rows = table()
    model = trained(rows, columns)
    told = model.card["left_out"]
    assert told["auc"] > 0.9
    assert told["calibration_error"] < 0.1
    assert model.card["left_out_by"] == ("time" if columns.time else "group" if columns.group else "row")
    assert ("by-row" in model.card["leaks"]) == (columns == Columns("label"))
    assert model.card["malicious"] == ["attack"]
    assert not {"label", columns.group, columns.time} & {*model.recipe["numbers"], *model.recipe["words"]}


def test_the_same_table_gives_the_same_model() -> None:
    assert trained(table(), Columns("label")).version == trained(table(), Columns("label")).version


def test_a_column_made_from_the_label_is_told() -> None:
    rows = table().with_columns(verdict=(pl.col("label") == "attack").cast(pl.Int64) * 3)
    assert "verdict (AUC 1.000)" in trained(rows, Columns("label")).card["leaks"]["separates"]


def test_twins_are_told() -> None:
    rows = table(200)
    leaks = trained(pl.concat([rows, rows, rows, rows]), Columns("label")).card["leaks"]
    assert "duplicates" in leaks


@pytest.mark.parametrize(
    ("labels", "bad"),
    [
        (["normal", "dos", "scan"], ["dos", "scan"]),
        ([0, 1, 1], ["1"]),
        ([False, True, False], ["true"]),
        (["a", "a", "b"], ["b"]),
    ],
)
def test_which_label_is_bad(labels: list[object], bad: list[str]) -> None:
    assert bad_rows(pl.Series("label", labels))[1] == bad


@pytest.mark.parametrize(
    ("columns", "words"),
    [(Columns("nothing"), "no column 'nothing'"), (Columns("same"), "one label alone"), (Columns("rare"), "rows of")],
)
def test_what_cannot_be_learned(columns: Columns, words: str) -> None:
    rows = table(same=["x"] * 1200, rare=["bad" if i < 5 else "ok" for i in range(1200)])
    with pytest.raises(DataError, match=words):
        trained(rows, columns)
