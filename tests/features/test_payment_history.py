"""What is known of a payment's account and place, against a count by hand."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features import payment_history
from vedette.features.payment import Payment
from vedette.features.payment_history import MEASURES, PaymentHistory
from vedette.testing.events import START

Paid = tuple[float, str, str, float, int | None, float | None]
"""Day, account, place, amount, label, day it is known."""


def payments(*paid: Paid) -> pl.DataFrame:
    """Return payments as ``Payment`` gets them, in order of time."""
    types = SCHEMAS[EventClass.PAYMENT]
    data = {
        "time": [START + timedelta(days=p[0]) for p in paid],
        "metadata.log_name": ["x"] * len(paid),
        "metadata.sequence": list(range(len(paid))),
        "vedette.payment.account": [p[1] for p in paid],
        "vedette.payment.counterparty": [p[2] for p in paid],
        "vedette.payment.amount": [round(p[3] * 1000) for p in paid],
        "vedette.payment.label": [p[4] for p in paid],
        "vedette.payment.label_time": [None if p[5] is None else START + timedelta(days=p[5]) for p in paid],
    }
    frame = pl.DataFrame(data, schema={c: types[c] for c in data})
    return Payment.take(EventBatch(EventClass.PAYMENT, frame)).collect()


def judged(*paid: Paid) -> list[dict[str, float]]:
    return PaymentHistory().judge(payments(*paid)).select(MEASURES).to_dicts()


def test_own_windows_end_before_the_payment() -> None:
    rows = judged(
        (0, "a", "t", 10, None, None), (0.5, "a", "t", 30, None, None), (0.5, "b", "t", 5, None, None),
        (3, "a", "u", 200, None, None), (40, "a", "t", 20, None, None), (70, "a", "t", 20, None, None),
    )  # fmt: skip
    assert [r["own.day.count"] for r in rows] == [0, 1, 0, 0, 0, 0]
    assert [r["own.week.count"] for r in rows] == [0, 1, 0, 2, 0, 0]
    assert [r["own.month.count"] for r in rows] == [0, 1, 0, 2, 0, 1]
    assert [r["pair.count"] for r in rows] == [0, 1, 0, 0, 2, 1]  # sixty days
    assert rows[3]["own.ratio"] == pytest.approx(10.0)
    assert rows[3]["own.since"] == pytest.approx(2.5)
    assert rows[4]["own.high.week"] == 0
    assert math.isnan(rows[0]["own.ratio"])
    assert [r["place.day.count"] for r in rows] == [0, 1, 2, 0, 0, 0]


def test_a_label_counts_from_the_time_it_is_known() -> None:
    rows = judged(
        (0, "a", "t", 1, 1, 7), (1, "b", "t", 1, 0, 2), (6.9, "c", "t", 1, None, None), (7, "d", "t", 1, None, None),
        (7.5, "e", "t", 1, 1, 900), (9, "f", "t", 1, None, None), (9, "a", "v", 1, None, None), (80, "f", "t", 1, None, None),
    )  # fmt: skip
    assert [r["place.month.frauds"] for r in rows] == [0, 0, 0, 1, 1, 1, 0, 0]
    assert [r["place.month.known"] for r in rows] == [0, 0, 1, 2, 2, 2, 0, 0]
    assert rows[5]["place.since_fraud"] == pytest.approx(2.0)
    assert rows[5]["place.run"] == 1
    assert rows[5]["place.run.days"] == pytest.approx(2.0)
    assert rows[5]["place.latest_share"] == pytest.approx(0.5)
    assert rows[6]["own.frauds"] == 1
    assert math.isnan(rows[7]["place.since_fraud"])


def many(n: int = 400, seed: int = 3) -> pl.DataFrame:
    draw = random.Random(seed)
    days = sorted(draw.choice([draw.uniform(0, 90), float(draw.randrange(90))]) for _ in range(n))
    return payments(
        *(
            (
                d,
                draw.choice("abcde"),
                draw.choice("tuvwxyz"),
                draw.lognormvariate(3, 1),
                draw.choice([0, 0, 1, None]),
                d + draw.uniform(0, 9),
            )
            for d in days
        )
    )


def test_windows_are_as_counted_one_by_one() -> None:
    frame = many()
    rows = PaymentHistory().judge(frame)
    plain = frame.to_dicts()
    for i, row in enumerate(rows.to_dicts()):
        now, before = plain[i]["time"], plain[:i]
        own = [p for p in before if p["vedette.payment.account"] == row["vedette.payment.account"]]
        here = [p for p in before if p["vedette.payment.counterparty"] == row["vedette.payment.counterparty"]]
        for span, days in (("day", 1), ("week", 7), ("month", 30)):
            since = now - timedelta(days=days)
            assert row[f"own.{span}.count"] == sum(p["time"] >= since for p in own)
            assert row[f"place.{span}.count"] == sum(p["time"] >= since for p in here)
            known = [
                p["vedette.payment.label"]
                for p in plain
                if p["vedette.payment.counterparty"] == row["vedette.payment.counterparty"]
                and p["vedette.payment.label"] is not None
                and since < p["vedette.payment.label_time"] <= now
            ]
            assert row[f"place.{span}.known"] == pytest.approx(len(known), abs=1)  # milliseconds at the edges
            assert row[f"place.{span}.frauds"] == pytest.approx(sum(known), abs=1)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_in_how_many_calls_they_come_makes_no_difference(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = many(300, seed=5)
    whole, history = PaymentHistory().judge(frame), PaymentHistory()
    parts = [history.judge(part) for part in frame.iter_slices(size)]
    assert_frame_equal(whole, pl.concat(parts), check_exact=True)
    monkeypatch.setattr(payment_history, "STEP_ROWS", 3 * size)
    assert_frame_equal(whole, PaymentHistory().judge(frame), check_exact=True)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_history, "MOST_ROWS", 50)
    history = PaymentHistory()
    for part in many(600).iter_slices(40):
        history.judge(part)
    assert len(history._kept["time"]) <= 50


def test_hostile_amounts_and_times() -> None:
    rows = judged(
        (-20_000, "a", "t", 9e14, 1, 60_000), (0, "a", "t", -9e14, 1, -5_000), (60_000, "a", "t", 0, None, None)
    )
    assert [r["amount"] for r in rows] == [9e14, -9e14, 0]
    assert rows[1]["own.age"] == 0


def test_a_broken_clock_leaves_the_others_alone() -> None:
    usual: list[Paid] = [(float(d), "a", "t", 10 + d, None, None) for d in range(20)]
    alone = PaymentHistory().judge(payments(*usual)).select(c for c in MEASURES if c != "own.age")
    odd = PaymentHistory().judge(
        payments((-20_000, "a", "t", 5, 1, -19_999), *usual, (50_000, "a", "t", 5, None, None))
    )
    assert_frame_equal(alone, odd[1:-1].select(alone.columns), check_exact=True)
