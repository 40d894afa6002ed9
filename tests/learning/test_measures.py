from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN
from vedette.learning import measures
from vedette.learning.measures import Bools, Floats


def arrays(margins: list[float], labels: list[int]) -> tuple[Floats, Bools]:
    return np.array(margins, np.float64), np.array(labels, np.bool_)


@given(st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=40))
def test_auc_is_how_often_a_malicious_item_is_above_a_benign_one(pairs: list[tuple[int, bool]]) -> None:
    margins, labels = arrays([float(m) for m, _ in pairs], [int(y) for _, y in pairs])
    bad, good = margins[labels], margins[~labels]
    got = measures.auc(margins, labels)
    if not len(bad) or not len(good):
        assert math.isnan(got)
        return
    wins = (bad[:, None] > good).mean() + (bad[:, None] == good).mean() / 2
    assert got == pytest.approx(float(wins))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.sampled_from([0.0, 0.001, 0.01, 0.1, 0.5]))
def test_no_more_than_the_share_reaches_the_threshold(benign: list[int], rate: float) -> None:
    values = np.array(benign, np.float64)
    bar = measures.threshold_at(values, rate)
    assert (values >= bar).mean() <= rate + 1e-12
    lower = values[values < bar]
    if len(lower):
        assert (values >= lower.max()).mean() > rate


def test_ties_at_the_threshold_do_not_help() -> None:
    margins, labels = arrays([1, 1, 1, 0], [1, 0, 0, 0])
    assert measures.recall_at(margins, labels, 0.5) == 0.0
    assert measures.recall_at(margins, labels, 0.7) == 1.0


def test_a_perfect_ranking() -> None:
    margins, labels = arrays([3, 2, 1, 0], [1, 1, 0, 0])
    assert measures.auc(margins, labels) == measures.average_precision(margins, labels) == 1.0
    assert measures.recall_at(margins, labels, 0.001) == 1.0


def test_average_precision_counts_steps() -> None:
    assert measures.average_precision(*arrays([3, 2, 1], [1, 0, 1])) == pytest.approx((1 + 2 / 3) / 2)
    assert math.isnan(measures.average_precision(*arrays([1], [0])))


def test_infinite_margins_are_ranked_too() -> None:
    assert measures.auc(*arrays([-np.inf, -np.inf, 1], [0, 1, 1])) == 0.75


def test_figures_are_those_of_the_verdicts() -> None:
    said = pl.DataFrame(
        {
            "margin": [4.0, 3.0, 2.0, 1.0],
            "confidence": [0.9, 0.9, 0.9, 0.1],
            "verdict": [MALICIOUS, UNKNOWN, MALICIOUS, BENIGN],
        }
    )
    got = measures.figures(said, np.array([True, True, False, False]))
    assert (got["recall"], got["false_positives"], got["insufficient"]) == (0.5, 0.5, 0.25)
    assert (got["items"], got["malicious"], got["auc"]) == (4, 2, 1.0)
    benign = measures.figures(said[2:], np.array([False, False]))
    assert math.isnan(benign["auc"])
    assert math.isnan(benign["recall"])
    assert benign["false_positives"] == 0.5


def test_a_calibrated_model_lies_on_the_diagonal() -> None:
    confidence = np.repeat([0.25, 0.75], 400)
    labels = np.tile([True, False, False, False, True, True, True, False], 100)
    labels = np.concatenate([np.tile([True, False, False, False], 100), np.tile([True, True, True, False], 100)])
    for told, seen in measures.reliability(confidence, labels, np.ones(800), bins=8):
        assert told == pytest.approx(seen)
