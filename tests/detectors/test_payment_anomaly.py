"""Unusual payments: which are found, which are not, and in which words."""

from __future__ import annotations

import random

import pytest

from vedette.detectors.payment_anomaly import PaymentAnomaly
from vedette.testing.payments import Paid, payments
from vedette.testing.rows import hits_of

Late = list[tuple[float, float]]
"""Day and amount of what follows the usual payments of thirty days."""


def usual(account: str = "a", every: float = 0.7, spread: float = 0.4) -> list[Paid]:
    draw = random.Random(account)
    days = [k * every for k in range(int(30 / every))]
    return [
        (d + 0.4 * draw.random(), account, f"p{draw.randrange(5)}", 20 * draw.lognormvariate(0, spread), None, None)
        for d in days
    ]


@pytest.mark.parametrize(
    ("late", "found"),
    [
        ([], 0),
        ([(31, 130)], 0),  # one high payment is everybody's
        ([(31, 60), (31.5, 55), (32, 62)], 0),
        ([(31, 400), (31.5, 500), (32, 450), (32.4, 480)], 2),
        ([(31 + k / 2000, 20) for k in range(14)], 4),
        ([(31 + k / 5, 20) for k in range(14)], 0),
    ],
    ids=["nothing", "one high", "somewhat high", "high again and again", "burst", "busy day"],
)
def test_what_is_found(late: Late, found: int) -> None:
    paid = [*usual(), *((d, "a", "shop", x, None, None) for d, x in late)]
    assert hits_of(PaymentAnomaly, payments(*paid)).height >= found
    assert (hits_of(PaymentAnomaly, payments(*paid)).height > 0) == (found > 0)


def test_an_account_without_history_is_left_alone() -> None:
    paid: list[Paid] = [(float(k), "new", "shop", 10.0 if k < 5 else 900.0, None, None) for k in range(8)]
    assert not hits_of(PaymentAnomaly, payments(*paid)).height


def test_an_account_of_wild_amounts_is_its_own_measure() -> None:
    late: list[Paid] = [(31 + k, "wild", "shop", x, None, None) for k, x in enumerate((300, 500, 400))]
    assert not hits_of(PaymentAnomaly, payments(*usual("wild", spread=1.6), *late)).height


def test_the_sentence_says_how_much_and_how_often() -> None:
    late: list[Paid] = [(31 + k / 2, "a", "shop", 500.0, None, None) for k in range(5)]
    hits = hits_of(PaymentAnomaly, payments(*usual(), *late))
    told = hits["summary"][-1]
    assert told.startswith("a paid 500.00 to shop, ")
    assert "payments of three times its usual amount in the 7 days before" in told
