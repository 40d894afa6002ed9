"""The protocol: what trains, what waits, which cards are asked about, what card precision counts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from vedette.learning.fraud.prequential import LABEL, Fold, card_precision, figures, folds
from vedette.testing.payments import Paid, payments


def rows(*paid: tuple[float, str, int]) -> pl.DataFrame:
    made: list[Paid] = [(day, card, "t", 1.0, label, day + 7) for day, card, label in paid]
    return payments(*made).frame


def days(frame: pl.DataFrame) -> list[int]:
    first = date(2026, 1, 5)
    return [(t - first).days for t in frame["time"].dt.date()]


FOLD = Fold(date(2026, 1, 5) + timedelta(days=14))


def test_training_ends_a_delay_before_the_test() -> None:
    some = rows(*((d, "c", 0) for d in range(25)))
    assert days(FOLD.training(some)) == list(range(7))
    assert days(FOLD.training(some, since=date(2026, 1, 1))) == list(range(7))
    assert days(FOLD.tests(some)) == list(range(14, 21))


def test_known_cards_are_not_asked_about() -> None:
    fraud_then_all = {
        d: rows((d, "bad", 1), *((k, "bad", 0) for k in range(14, 21)), *((k, "good", 0) for k in range(14, 21)))
        for d in range(14)
    }
    asked = {d: FOLD.tests(f).filter(pl.col("vedette.payment.account") == "bad") for d, f in fraud_then_all.items()}
    assert all(days(asked[d]) == [] for d in range(7))  # known when training ended
    # one of the delay's day d is known a day more than the delay later, as in the handbook's code
    assert [days(asked[d]) for d in range(7, 14)] == [list(range(14, d + 8)) for d in range(7, 14)]
    assert FOLD.tests(fraud_then_all[0]).height == 7


def test_folds_follow_each_other_and_end_with_the_rows() -> None:
    some = rows(*((d, "c", 0) for d in range(60)))
    last = date(2026, 1, 5) + timedelta(days=59)
    found = list(folds(some, 3))
    assert [f.test for f in found] == [last + timedelta(days=1) - timedelta(weeks=k) for k in (3, 2, 1)]
    assert [f.test for f in folds(some, 3, last=3)] == [f.test - timedelta(weeks=3) for f in found]


def test_card_precision_counts_a_card_once() -> None:
    some = rows((0, "a", 1), (0, "b", 0), (0, "a", 0), (1, "a", 1), (1, "b", 0), (1, "c", 1))
    scores = np.array([0.9, 0.5, 0.1, 0.9, 0.5, 0.1])
    assert card_precision(some, scores, 1) == pytest.approx(0.5)  # a found, then b stands above c
    assert card_precision(some, scores, 2) == pytest.approx((1 + 1) / 2 / 2)


def test_figures() -> None:
    some = rows((0, "a", 1), (0, "b", 0), (1, "c", 0))
    assert figures(some, np.array([2.0, 1.0, 0.0])) == {
        "auc": 1.0,
        "average_precision": 1.0,
        "card_precision": pytest.approx(0.005),
    }
    assert some[LABEL].to_list() == [1, 0, 0]
