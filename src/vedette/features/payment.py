"""Payments, each with what was known of its account and its counterparty before."""

from __future__ import annotations

from vedette.abc import History, HistoryFeatures
from vedette.events.schema import EventClass
from vedette.features.payment_history import PaymentHistory

ACCOUNT, PLACE, AMOUNT = "vedette.payment.account", "vedette.payment.counterparty", "vedette.payment.amount"


class Payment(HistoryFeatures):
    """A row per payment: amount and time, and what its account and its counterparty ("place") did in the sixty days before.

    Of the account (``own``): payments in an hour, day, week, month, the ratio of this amount to its mean, how far it lies from its own
    payments, how many high ones (three times the mean) it made lately, how many places were new to it, frauds known of it. Of the
    place: payments, high ones, new accounts, and how many labels became known in a day, week, month and sixty days, how many of them
    fraud, the last ones in a row, and how long ago. ``features.payment_history`` says how each is counted.
    """

    name = "payment"
    needs = EventClass.PAYMENT
    requires = (ACCOUNT, AMOUNT)
    uses = (
        PLACE,
        "vedette.payment.uid",
        "vedette.payment.currency",
        "vedette.payment.channel",
        "vedette.payment.label",
        "vedette.payment.label_time",
    )
    keys = (ACCOUNT,)

    def history(self) -> History:
        return PaymentHistory()
