from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from bench.insiders.company import Company
from bench.insiders.log import BEGIN
from bench.insiders.plots import Plot
from bench.insiders.run import WARM_UP, Drill, _ranked, _true

from vedette.testing.made import finding


def rows(bad: float) -> pl.DataFrame:
    """Return twenty honest people for 63 days, and one of a plot that has this score on one day."""
    days = range(WARM_UP, WARM_UP + 63)
    honest = [(f"p{n}", d, None, (n * 7 + d) % 20 / 40) for n in range(20) for d in days]
    plotter = [("mallory", d, 0 if d == WARM_UP + 5 else None, bad if d == WARM_UP + 5 else 0.0) for d in days]
    return pl.DataFrame(
        [*honest, *plotter],
        schema={"person": pl.String, "day": pl.Int64, "plot": pl.Int64, "score": pl.Float64},
        orient="row",
    )


def test_who_stands_out_is_ranked_first() -> None:
    told = _ranked(rows(0.9), {"mallory": 0})
    assert told == {
        "AUC by user-day": 1.0,
        "recall in the top 5": 1.0,
        "plots in the top 5": 1.0,
        "plots at one false day a week": 1.0,
        "AUC by user": 1.0,
        "days": 1.0,
    }


def test_who_does_not_is_not() -> None:
    told = _ranked(rows(0.0), {"mallory": 0})
    assert told["AUC by user-day"] < 0.1
    assert told["recall in the top 5"] == told["plots at one false day a week"] == 0.0


@pytest.mark.parametrize(
    ("who", "day", "true"), [("mallory", 40, True), ("mallory", 46, True), ("mallory", 60, False), ("anna", 40, False)]
)
def test_a_finding_is_of_a_plot_on_its_days_and_a_week_after(who: str, day: int, *, true: bool) -> None:
    drill = Drill(1, Company(1, 40, 60), [Plot(0, 1, ("mallory",))], {("mallory", 40): 0}, [])
    noon = BEGIN + timedelta(days=day, hours=12)
    seen = finding(f"user:{who}", "", "T1078", detector="insider_day")
    seen = replace(seen, first_seen=noon, last_seen=noon)
    assert _true(drill, {"mallory": 0}, (seen,)) is true
