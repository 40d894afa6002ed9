"""What an act is worth."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.features.remote_evidence import account, act, named, techniques

ROWS = {"made": [1, 8, 0, 1, 1, 1], "acts": [["made"], ["made"], [], ["other", "made"], ["made"], ["made"]]}
HAD: list[list[bool] | None] = [[False], [False], [], [False, True], [True], None]


def test_often_is_worth_more_and_a_habit_less() -> None:
    term = act("made", 9.0, "made one {}")
    rows = pl.DataFrame(ROWS).with_columns(pl.Series("had.acts", HAD, dtype=pl.List(pl.Boolean)))
    found = rows.select(term.evidence.alias("nats"), term.text.alias("text"))
    assert found["nats"].to_list() == pytest.approx([9.0, 10.5, None, 3.0, 3.0, 9.0])
    assert found["text"][1] == "made one 8 times"
    assert found["text"][4] == "made one once, as this host has done before"


def test_words() -> None:
    rows = pl.DataFrame({"names": [["a", "b"], [], None], "users": [["bob"], [], None]})
    assert rows.select(named("names", "nobody"))["names"].to_list() == ["a, b", "nobody", "nobody"]
    assert rows.select(a=account())["a"].to_list() == [", as bob", "", ""]


def test_techniques_of_what_was_done() -> None:
    rows = pl.DataFrame({"one": [1, 0], "two": [2, 0], "three": [1, 3]})
    assert techniques(rows, {"one": "T1", "two": "T1", "three": "T2"}) == [("T1", "T2"), ("T2",)]
