"""The rows of payments."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.payment import ACCOUNT, Payment
from vedette.features.payment_history import MEASURES
from vedette.testing.events import random_events
from vedette.testing.rows import rows_of


def test_a_row_per_payment_in_order_of_time() -> None:
    rows = rows_of(Payment, random_events(EventClass.PAYMENT, seed=2))
    assert rows["time"].is_sorted()
    assert (
        rows.height
        == random_events(EventClass.PAYMENT, seed=2).frame.drop_nulls([ACCOUNT, "vedette.payment.amount"]).height
    )
    assert set(MEASURES) <= set(rows.columns)
    assert Payment().schema() == rows.schema
