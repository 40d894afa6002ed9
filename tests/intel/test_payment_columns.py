"""Columns of payments: which names are known, which an operator may give."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.intel.payment_columns import Payments, payments, plain_name, tell


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (
            "step,type,amount,nameOrig,nameDest,isFraud",
            {"account": 3, "counterparty": 4, "amount": 2, "channel": 1, "label": 5},
        ),
        (
            "trans_date_trans_time,cc_num,merchant,amt,is_fraud",
            {"time": 0, "account": 1, "counterparty": 2, "amount": 3, "label": 4},
        ),
        ("Transaction-ID;Booking Date;IBAN;Amount", {}),
    ],
)
def test_common_names(names: str, places: dict[str, int]) -> None:
    assert Payments().places(names.split(",")) == places


def test_what_is_no_table_of_payments() -> None:
    assert not Payments().fits(["time", "user_id", "amount"])
    assert not Payments().fits(["time", "terminal", "amount", "currency"])
    assert Payments().fits(["time", "user_id", "amount", "currency"])


def test_own_names_come_first_and_suffice() -> None:
    site = Payments({"time": "Wann", "account": "Konto", "amount": "Betrag"})
    assert site.places(["Betrag", "amount", "Wann", "Konto", "card"]) == {"time": 2, "account": 3, "amount": 0}
    assert site.fits(["Betrag", "Wann", "Konto"])
    assert not site.fits(["time", "card", "amount", "currency"])


def test_the_run_knows_what_it_was_told() -> None:
    try:
        tell({"account": "Konto"}, timedelta(days=30))
        assert payments() == Payments({"account": "Konto"}, timedelta(days=30))
    finally:
        tell({})
    assert payments() == Payments()


def test_plain_names() -> None:
    assert [plain_name(n) for n in ("TX_AMOUNT", "Card Number", "trans_num", "tx_")] == [
        "amount",
        "card_number",
        "num",
        "tx",
    ]
