from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vedette.errors import ModelError
from vedette.scoring.calibration import (
    BENIGN_KEPT,
    Calibration,
    Floats,
    benign_table,
    expected_calibration_error,
    isotonic,
)

MARGINS = arrays(np.float64, st.integers(1, 60), elements=st.floats(-20, 20, allow_subnormal=False))


def table(margins: Floats, alpha: float = 0.05) -> Calibration:
    benign, above = benign_table(margins)
    return Calibration(benign, above, len(margins), np.array([-2.0, 2.0]), np.array([0.1, 0.9]), alpha)


@given(MARGINS)
def test_p_values_fall_as_margins_rise_and_are_never_nothing(margins: Floats) -> None:
    got = table(margins).p_values(np.linspace(-25, 25, 101))
    assert (np.diff(got) <= 1e-12).all()
    assert (got > 0).all()
    assert (got <= 1).all()


@given(MARGINS)
def test_a_p_value_at_a_benign_margin_is_its_rank(margins: Floats) -> None:
    made = table(margins)
    expected = (margins[:, None] <= margins).sum(axis=1) / (1 + len(margins))
    np.testing.assert_allclose(made.p_values(margins), expected, atol=1e-9)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_new_benign_items_are_called_as_often_as_promised(alpha: float) -> None:
    rng = np.random.default_rng(1)
    made = replace(table(rng.normal(size=20_000), alpha), knots=np.array([-9.0]), confidence=np.array([0.99]))
    assert made.calls(rng.normal(size=200_000)).mean() == pytest.approx(alpha, rel=0.15)


def test_what_is_more_likely_benign_is_not_called() -> None:
    made = table(np.full(500, -8.0))
    assert made.p_values(np.array([-4.0]))[0] <= made.alpha
    assert made.calls(np.array([-4.0, 4.0])).tolist() == [False, True]


def test_confidence_runs_between_knots() -> None:
    assert table(np.zeros(3)).confidences(np.array([-9, -2, 0, 2, 9.0])).tolist() == pytest.approx(
        [0.1, 0.1, 0.5, 0.9, 0.9]
    )


def test_a_large_table_keeps_its_tail_whole() -> None:
    margins = np.random.default_rng(2).normal(size=50_000)
    benign, above = benign_table(margins)
    assert len(benign) <= BENIGN_KEPT
    assert above[-1] == 1
    assert above[-100] == 100
    assert above[0] == 50_000


def test_it_survives_json() -> None:
    one = table(np.array([1.0, 2, 2, 3]))
    assert Calibration.load(one.dump()).dump() == one.dump()


@pytest.mark.parametrize(
    "change",
    [
        {"benign": [3, 1]},
        {"above": [1, 4]},
        {"knots": []},
        {"confidence": [0.9, 0.1]},
        {"alpha": "much"},
        {"count": None},
        {"benign": [1.0]},
    ],
)
def test_tables_that_do_not_rise_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="not a calibration"):
        Calibration.load({**table(np.array([1.0, 2.0])).dump(), **change})
    with pytest.raises(ModelError):
        Calibration.load({})


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans(), st.floats(0.1, 3)), min_size=1, max_size=50))
def test_isotonic_confidence_rises_and_is_never_certain(items: list[tuple[float, bool, float]]) -> None:
    margins, labels, weights = (np.array([i[k] for i in items]) for k in range(3))
    knots, confidence = isotonic(margins, labels, weights)
    assert (np.diff(knots) >= -1e-12).all()
    assert (np.diff(confidence) >= 0).all()
    assert (confidence > 0).all()
    assert (confidence < 1).all()


def test_isotonic_recovers_the_truth() -> None:
    rng = np.random.default_rng(3)
    margins = rng.normal(scale=2, size=20_000)
    labels = rng.random(20_000) < 1 / (1 + np.exp(-margins))
    knots, confidence = isotonic(margins, labels)
    some = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(np.interp(some, knots, confidence), 1 / (1 + np.exp(-some)), atol=0.05)


def test_the_error_is_the_distance_of_told_and_seen() -> None:
    labels = np.array([True, False] * 50)
    assert expected_calibration_error(np.full(100, 0.5), labels, bins=5) == pytest.approx(0.0, abs=0.11)
    assert expected_calibration_error(np.full(100, 0.9), labels, bins=1) == pytest.approx(0.4)
    heavy = np.where(labels, 9.0, 1.0)
    assert expected_calibration_error(np.full(100, 0.9), labels, bins=1, weights=heavy) == pytest.approx(0.0, abs=1e-9)
    assert expected_calibration_error(np.zeros(0), np.zeros(0, np.bool_)) == 0.0
