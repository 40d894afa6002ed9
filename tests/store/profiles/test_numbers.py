from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from vedette.abc import Normal
from vedette.abc.features import NORMAL_OF_NUMBERS
from vedette.store.profiles.numbers import FLOOR, OWN_WEIGHT, PRIOR_WINDOWS, Numbers

NORMAL = Normal(timedelta(hours=1), numbers=("bytes",), hourly=("bytes",))
PRIOR = Normal(timedelta(hours=1), numbers=("bytes",), prior={"bytes": (1_000.0, 1.5)})


def _numbers(normal: Normal = NORMAL, size: int = 1) -> Numbers:
    numbers = Numbers(normal)
    numbers.grow(size)
    return numbers


def _step(numbers: Numbers, value: float, at: float, entity: int = 0, *, learn: bool = True) -> dict[str, float]:
    told = numbers.step(np.array([entity]), np.array([[value]]), at, int(at) % 24, learn=learn)
    return {name: float(column[0, 0]) for name, column in told.items() if column.shape[1]}


def test_it_tells_what_the_contract_names() -> None:
    told = _step(_numbers(), 5.0, 100.0)
    assert set(told) == {f"{level}.{what}" for level, names in NORMAL_OF_NUMBERS.items() for what in names}


def test_nothing_is_known_at_first_but_the_prior() -> None:
    told = _step(_numbers(), 5.0, 100.0)
    assert np.isnan([told["own.mean"], told["all.mean"], told["normal.deviation"], told["own.above"]]).all()
    told = _step(_numbers(PRIOR), 1_000.0, 100.0)
    assert told["all.count"] == PRIOR_WINDOWS
    assert told["normal.deviation"] == 0.0
    assert told["normal.spread"] == pytest.approx(np.sqrt(1.5**2 * (1 + 1 / OWN_WEIGHT) + FLOOR**2))


def test_a_young_entity_is_drawn_to_everyone_by_the_formula() -> None:
    numbers = _numbers(size=2)
    for hour in range(50):
        _step(numbers, np.expm1(5.0), hour + 1.0, entity=1)
    _step(numbers, np.expm1(8.0), 51.0)
    told = _step(numbers, np.expm1(8.0), 52.0, learn=False)
    own = told["own.count"]
    expected = (own * told["own.mean"] + OWN_WEIGHT * told["all.mean"]) / (own + OWN_WEIGHT)
    assert told["normal.mean"] == pytest.approx(expected)
    assert 5 < told["normal.mean"] < told["own.mean"] <= 8


def test_only_judging_changes_nothing() -> None:
    numbers = _numbers()
    for hour in range(9):
        _step(numbers, 100.0 + hour, hour + 1.0)
    before = {name: column.to_list() for name, column in numbers.columns(np.array([0])).items()}
    assert repr(_step(numbers, 9e9, 10.0, learn=False)) == repr(_step(numbers, 9e9, 10.0, learn=False))
    assert {name: column.to_list() for name, column in numbers.columns(np.array([0])).items()} == before


def test_half_of_the_weight_is_left_after_a_half_life() -> None:
    numbers = _numbers()
    _step(numbers, 100.0, 1.0)
    later = 1.0 + NORMAL.half_life / NORMAL.window
    assert _step(numbers, 100.0, later, learn=False)["own.count"] == pytest.approx(0.5)


def test_what_was_not_measured_teaches_nothing() -> None:
    numbers = _numbers()
    _step(numbers, 100.0, 1.0)
    told = _step(numbers, float("nan"), 2.0)
    assert np.isnan([told["normal.deviation"], told["own.above"]]).all()
    assert _step(numbers, 100.0, 3.0)["own.count"] == pytest.approx(1.0, abs=0.01)


def test_a_lift_of_the_last_days_is_a_drift_and_a_lift_long_ago_is_not() -> None:
    numbers, random = _numbers(), np.random.default_rng(1)
    drift = [
        _step(numbers, random.lognormal(9 + (hour >= 24 * 30), 0.5), hour + 1.0)["own.drift"]
        for hour in range(24 * 120)
    ]
    assert max(map(abs, drift[48 : 24 * 30])) < 1.5
    assert max(drift[24 * 32 : 24 * 40]) > 3
    assert drift[-1] < 0.6 * max(drift[1:])


def test_what_is_usual_by_day_stands_out_at_night() -> None:
    numbers, random = _numbers(), np.random.default_rng(2)
    for hour in range(24 * 20):
        _step(numbers, random.lognormal(15 if 8 <= hour % 24 < 18 else 9, 0.5), hour + 24.0)
    at = 24.0 * 22
    assert _step(numbers, np.exp(15.0), at + 3, learn=False)["normal.deviation"] > 5
    assert abs(_step(numbers, np.exp(15.0), at + 10, learn=False)["normal.deviation"]) < 1
    assert _step(numbers, np.exp(15.0), at + 3, learn=False)["own.above"] > 0.1


def test_what_was_that_high_before_is_counted_however_high() -> None:
    """Far windows are pulled in for the mean, and counted as they were."""
    numbers, random = _numbers(), np.random.default_rng(3)
    for hour in range(24 * 10):
        _step(numbers, 1e9 if hour % 24 == 20 else random.lognormal(8, 0.4), hour + 1.0)
    told = _step(numbers, 1e9, 24.0 * 11, learn=False)
    assert told["own.above"] == pytest.approx(1 / 24, abs=0.01)
    assert _step(numbers, 1e12, 24.0 * 11, learn=False)["own.above"] == 0.0
