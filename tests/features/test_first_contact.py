from __future__ import annotations

import math
from datetime import timedelta

import polars as pl
import pytest

from vedette.features.first_contact import HOSTILE, NORMAL, attacks, breadth, expected, outcomes, severities
from vedette.model import Severity


def evidence(failed: float, answered: float) -> float:
    rows = pl.DataFrame({"f": [failed], "a": [answered]})
    return float(rows.select(outcomes(pl.col("f"), pl.col("a"))).item())


def exact(failed: int, answered: int) -> float:
    """The same by the gamma function of the standard library."""

    def chance(a: float, b: float) -> float:
        n = failed + answered
        up = math.lgamma(a + failed) + math.lgamma(b + answered) - math.lgamma(a + b + n)
        return up - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b)

    return chance(*HOSTILE) - chance(*NORMAL)


@pytest.mark.parametrize(
    ("failed", "answered"), [(0, 0), (1, 0), (0, 1), (7, 3), (30, 0), (0, 500), (250, 4750), (60_000, 3)]
)
def test_outcomes_are_the_beta_binomial_ratio(failed: int, answered: int) -> None:
    assert evidence(failed, answered) == pytest.approx(exact(failed, answered), abs=0.02)


def test_failures_speak_for_a_scan_and_answers_against() -> None:
    assert evidence(0, 0) == pytest.approx(0, abs=0.02)
    assert evidence(10, 0) > evidence(5, 0) > 0 > evidence(1, 4) > evidence(1, 20)


def test_a_thousand_failures_are_not_a_hundred_times_ten() -> None:
    assert evidence(1000, 0) < 4 * evidence(10, 0)


def rows(window: timedelta) -> pl.DataFrame:
    return pl.DataFrame({"f": [40.0], "a": [0.0], "busy": [1000.0], "window": [window]})


def test_breadth_expects_more_of_busy_clients_and_wide_windows() -> None:
    f, a, busy = pl.col("f"), pl.col("a"), pl.col("busy")
    minutes, day = rows(timedelta(minutes=10)), rows(timedelta(days=1))
    idle = minutes.select(breadth(f, a, usual=3.0)).item()
    assert idle > day.select(breadth(f, a, usual=3.0)).item() > 0
    assert minutes.select(breadth(f, busy, usual=3.0)).item() == 0


def test_expected_grows_slower_than_time() -> None:
    assert rows(timedelta(minutes=10)).select(expected(3.0)).item() == pytest.approx(3.0)
    assert rows(timedelta(days=1)).select(expected(3.0)).item() == pytest.approx(3.0 * 144**0.25)


def test_a_scan_is_worse_from_inside_and_another_technique() -> None:
    hits = pl.DataFrame({"inside": [True, False, False]})
    assert severities(hits, pl.Series([False, True, False])) == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
    assert attacks(hits, ("T1046",), ("T1595.001",)) == [("T1046",), ("T1595.001",), ("T1595.001",)]
