from __future__ import annotations

import math
from typing import Any

import polars as pl
import pytest

from vedette.features import first_seen_evidence as evidence

SCHEMA: dict[str, Any] = {
    "s": pl.List(pl.String),
    "had.s": pl.List(pl.Boolean),
    "others.s": pl.List(pl.Int64),
    "own.c.mean": pl.Float64,
    "age": pl.Int64,
    "windows": pl.Int64,
    "actors": pl.Int64,
}


def _term(
    values: list[str], *, variety: float = 1.0, age: int = 9, windows: int = 9, actors: int = 40
) -> tuple[float, str]:
    row = {
        "s": [values],
        "had.s": [[False] * len(values)],
        "others.s": [[0] * len(values)],
        "own.c.mean": [math.log1p(variety)],
        "age": [age],
        "windows": [windows],
        "actors": [actors],
    }
    term = evidence.novelty("s", "c", 5.0, "ports")
    nats, text = pl.DataFrame(row, schema=SCHEMA).select(term.evidence.fill_null(0.0), term.text.alias("text")).row(0)
    return nats, text


def test_it_grows_with_the_days_and_shrinks_with_variety() -> None:
    assert _term(["8081/tcp"])[0] == pytest.approx(5.0 + math.log(10))
    assert _term(["8081/tcp"], age=29)[0] == pytest.approx(5.0 + math.log(30))
    assert _term(["8081/tcp"], variety=20)[0] == pytest.approx(5.0 + math.log(10) - math.log(20))


@pytest.mark.parametrize("young", [{"age": 4}, {"windows": 4}, {"actors": 9}])
def test_without_a_history_nothing_is_new(young: dict[str, int]) -> None:
    assert _term(["8081/tcp"], **young)[0] == 0.0


def test_who_scatters_is_left_alone() -> None:
    assert _term([f"{n}/tcp" for n in range(evidence.MANY + 1)])[0] == 0.0
    assert _term([])[0] == 0.0


def test_the_words() -> None:
    text = _term(["8081/tcp", "9001/tcp"])[1]
    assert (
        text == "new to it and had by no other of 40 hosts: ports 8081/tcp, 9001/tcp (in 9 days it had about 1 a day)"
    )
