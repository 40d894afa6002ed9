"""The handbook's features, counted by hand; plain models rank what is plain."""

from __future__ import annotations

import numpy as np
import pytest

from vedette.features.payment import Payment
from vedette.learning.fraud import peers
from vedette.testing.payments import Paid, payments
from vedette.testing.rows import rows_of

PAID: tuple[Paid, ...] = (
    (0, "a", "t", 10, 1, 7),
    (0.5, "b", "t", 10, 0, 7.5),
    (0.6, "a", "t", 30, 0, 8),
    (7.7, "c", "t", 5, 0, 15),
    (9, "a", "t", 20, 0, 16),
)


def test_windows_of_the_handbook() -> None:
    rows = rows_of(Payment, payments(*PAID))
    made = peers.handbook(rows)
    assert made.width == 15
    assert made["card_count_1"].to_list() == [1, 1, 2, 1, 1]
    assert made["card_mean_30"].to_list() == pytest.approx([10, 10, 20, 5, 20])
    assert made["terminal_count_1"].to_list() == [0, 0, 0, 3, 0]
    assert made["terminal_risk_30"].to_list() == pytest.approx([0, 0, 0, 1 / 3, 1 / 3])


@pytest.mark.parametrize(
    ("library", "fit"), [("sklearn", peers.logistic), ("sklearn", peers.forest), ("lightgbm", peers.boosted)]
)
def test_plain_models_rank(library: str, fit: peers.Fit) -> None:
    pytest.importorskip(library)
    draw = np.random.default_rng(0)
    matrix = draw.normal(size=(600, 3))
    labels = matrix[:, 0] > 1
    scores = fit(matrix, labels, 0)(matrix)
    assert scores[labels].mean() > scores[~labels].mean()
    assert (fit(matrix, labels, 0)(matrix) == scores).all()
