from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.features.person_evidence import MOST, OTHERS_MOST, fresh, often, others, rare, rarest, ratio, rising, worth

BASE: dict[str, Any] = {
    "f": 5.0,
    "age": 40,
    "own.f.count": 30.0,
    "own.f.mean": 0.0,
    "own.f.spread": 0.2,
    "own.f.above": 0.0,
    "own.f.drift": 0.0,
    "peers.f.count": 0.0,
    "peers.f.mean": None,
    "peers.f.spread": None,
    "all.f.mean": 0.1,
    "all.f.spread": 0.4,
}


def value(expr: pl.Expr, **changes: Any) -> Any:  # noqa: ANN401 - of any expression
    """Return an expression over one row."""
    types = {k: pl.Float64 for k in BASE if k != "age"}
    return pl.DataFrame([{**BASE, **changes}], schema_overrides=types).select(expr).item()


def test_what_never_was_is_rarer_than_what_often_was() -> None:
    chances = [value(rare("f"), **{"own.f.above": a}) for a in (0.0, 0.1, 0.5, 1.0)]
    assert chances == sorted(chances)
    assert chances[0] < 0.01
    assert chances[-1] > 0.85


def test_none_of_it_is_no_evidence() -> None:
    assert value(rare("f"), f=0.0) == 1.0
    assert value(worth([rare("f")], [others("f")], 0.8), f=0.0) == 0.0


def test_who_is_new_is_judged_by_the_others() -> None:
    new = {"own.f.count": 0.0, "own.f.mean": None, "own.f.spread": None, "own.f.above": None, "age": 0}
    assert value(rare("f"), **new) == pytest.approx(value(others("f"), **new))
    peers = {"peers.f.count": 60.0, "peers.f.mean": 2.0, "peers.f.spread": 1.0}
    assert value(others("f"), **peers) == 1.0  # people alike do as much
    assert value(others("f"), **peers | {"peers.f.count": 3.0}) < 0.1  # of too few it says nothing


def test_a_bound_is_cantellis() -> None:
    x = 1.0  # log1p
    assert value(others("f"), f=1.718281828, **{"all.f.mean": 0.0}) == pytest.approx(0.16 / (0.16 + x))


def test_nothing_known_at_all_is_no_evidence() -> None:
    nothing = {k: None for k in BASE if k not in ("f", "age")}
    assert value(rare("f"), **nothing) == 1.0
    assert value(worth([rare("f")], [others("f")], 0.8), **nothing) == 0.0


def test_one_kind_is_bounded_however_much_there_is() -> None:
    assert value(worth([rare("f")], [others("f")], 0.8), f=1e12) == pytest.approx(MOST + OTHERS_MOST)


def test_a_ratio_is_what_it_says() -> None:
    assert value(ratio(pl.lit(0.05), 0.5)) == pytest.approx(1.7047, abs=1e-3)
    assert value(ratio(pl.lit(0.5), 0.5)) == pytest.approx(0.0)


def test_several_numbers_of_one_cause_pay_for_the_choice() -> None:
    assert value(rarest([pl.lit(0.01), pl.lit(0.5)])) == pytest.approx(0.02)
    assert value(rarest([pl.lit(0.9), pl.lit(0.8)])) == 1.0


def test_a_rise_counts_once_enough_is_known() -> None:
    assert value(rising(["f"]), **{"own.f.drift": 2.5}) == pytest.approx(1.5)
    assert value(rising(["f"]), **{"own.f.drift": 2.5, "age": 10}) == 0.0
    assert value(rising(["f"]), **{"own.f.drift": 50.0}) == 3.0
    assert value(rising(["f"])) == 0.0


def test_words() -> None:
    assert value(often("f")) == "never as much in 40 days before"
    assert value(often("f"), **{"own.f.above": 0.25}) == "as much on about 25 % of 40 days before"
    assert value(often("f"), age=1) == "little is known of this person yet"


@pytest.mark.parametrize(
    ("had", "count", "new"),
    [
        ([False, True, False], [1, 1, 0], 1),
        ([False, False], [2, 1], 2),
        ([False], [9], 0),
        ([], [], 0),
        ([True], [1, 2], None),
    ],
)
def test_members_that_are_new_and_somebody_elses(had: list[bool], count: list[int], new: int | None) -> None:
    frame = pl.DataFrame(
        {"had.s": pl.Series([had], dtype=pl.List(pl.Boolean)), "others.s": pl.Series([count], dtype=pl.List(pl.Int64))}
    )
    assert frame.select(fresh("s", 1, 2)).item() == new
