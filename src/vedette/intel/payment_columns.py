"""What a site calls the columns of its payments, and how late it learns that one was fraud (``[payments]`` of vedette.toml).

A table of payments is recognised by the names of its columns, before anything of it is read; so the names that an operator gave must be
known where inputs are told apart. Like the protected names of ``intel.brands`` they belong to the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

COMMON: Mapping[str, tuple[str, ...]] = {
    "time": (
        *("time", "timestamp", "datetime", "date_time", "date", "event_time", "created_at", "created", "booked_at"),
        *("payment_time", "date_trans_time", "purchase_time", "booking_date", "posted_at", "value_date"),
    ),
    "account": (
        *("account", "account_id", "account_number", "card", "card_id", "card_number", "cc_num", "customer"),
        *(
            "customer_id",
            "client_id",
            "payer",
            "payer_id",
            "debtor",
            "debtor_iban",
            "nameorig",
            "sender",
            "sender_account",
        ),
        *("from_account", "iban", "user_id"),
    ),
    "counterparty": (
        *("counterparty", "counterparty_id", "terminal", "terminal_id", "merchant", "merchant_id", "merchant_name"),
        *("payee", "payee_id", "creditor", "creditor_iban", "beneficiary", "namedest", "receiver", "receiver_account"),
        *("to_account", "shop", "shop_id"),
    ),
    "amount": ("amount", "amt", "payment_amount", "purchase_amount", "sum_paid"),
    "currency": ("currency", "currency_code", "ccy"),
    "channel": ("channel", "entry_mode", "payment_type", "payment_method", "use_chip", "category", "type"),
    "label": ("fraud", "is_fraud", "isfraud", "fraud_flag", "fraud_label", "label", "class"),
    "label_time": (
        "label_time",
        "fraud_time",
        "reported_at",
        "fraud_reported_at",
        "chargeback_date",
        "chargeback_time",
    ),
    "uid": ("payment_id", "id", "uid", "trans_num", "reference", "end_to_end_id"),
}
"""What a column holds -> names that it often has, the likeliest first; a leading ``tx_``, ``trans_`` or ``transaction_`` is passed over."""
NEEDED = ("time", "account", "amount")
LABEL_DELAY = timedelta(days=7)
_PREFIX = re.compile(r"^(?:tx|trans|transaction)_(?=.)")


@dataclass(frozen=True, slots=True)
class Payments:
    """What is known about a site's payments.

    Attributes:
        columns: what a column holds (a key of ``COMMON``) -> its name at this site.
        label_delay: how long after a payment its label is known, where the table has no column of that.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    label_delay: timedelta = LABEL_DELAY

    def places(self, names: list[str]) -> dict[str, int]:
        """Return what is held -> the number of its column, of a table with columns of these ``names``.

        Example:
            >>> Payments().places(["TX_DATETIME", "CUSTOMER_ID", "TX_AMOUNT", "note"])
            {'time': 0, 'account': 1, 'amount': 2}
        """
        plain = [plain_name(n) for n in names]
        found: dict[str, int] = {}
        for what, common in COMMON.items():
            own = self.columns.get(what)
            wanted = (own,) if own is not None else common
            have = names if own is not None else plain
            place = next((have.index(w) for w in wanted if w in have), None)
            if place is not None and place not in found.values():
                found[what] = place
        return found

    def fits(self, names: list[str]) -> bool:
        """Return whether a table with columns of these names holds payments: time, account, amount, and one word more, or all as told."""
        found = self.places(names)
        told = bool(self.columns) and set(self.columns) <= set(found)
        return set(NEEDED) <= set(found) and (told or bool({"counterparty", "currency", "label"} & set(found)))


def plain_name(name: str) -> str:
    """Return a column's name as ``COMMON`` writes it.

    Example:
        >>> plain_name("Transaction-Amount "), plain_name("TX_DATETIME"), plain_name("transaction_id")
        ('amount', 'datetime', 'id')
    """
    return _PREFIX.sub("", re.sub(r"[^0-9a-z]+", "_", name.strip().lower()).strip("_"))


_TOLD: ContextVar[Payments | None] = ContextVar("payments", default=None)


def tell(columns: Mapping[str, str], label_delay: timedelta = LABEL_DELAY) -> None:
    """Say in this process what the columns of payments are called (``[payments]`` of vedette.toml)."""
    _TOLD.set(Payments(dict(columns), label_delay))


def payments() -> Payments:
    """Return what is known about the site's payments."""
    return _TOLD.get() or Payments()
