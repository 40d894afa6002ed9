"""Made-up payments: a table of accounts and places, for tests of what reads, judges and learns from payments."""

from __future__ import annotations

import random
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START

Paid = tuple[float, str, str, float, int | None, float | None]
"""Day, account, place, amount, label, day on which that is known."""


def payments(*paid: Paid) -> EventBatch:
    """Return payments as events, in the order given."""
    types = SCHEMAS[EventClass.PAYMENT]
    data = {
        "time": [START + timedelta(days=p[0]) for p in paid],
        "metadata.log_name": ["made"] * len(paid),
        "metadata.sequence": list(range(len(paid))),
        "vedette.payment.account": [p[1] for p in paid],
        "vedette.payment.counterparty": [p[2] for p in paid],
        "vedette.payment.amount": [round(p[3] * 1000) for p in paid],
        "vedette.payment.label": [p[4] for p in paid],
        "vedette.payment.label_time": [None if p[5] is None else START + timedelta(days=p[5]) for p in paid],
    }
    return EventBatch(EventClass.PAYMENT, pl.DataFrame(data, schema={c: types[c] for c in data}))


def made_site(days: int = 40, accounts: int = 40, places: int = 30, seed: int = 0) -> list[Paid]:
    """Return ``days`` of payments, two a day of each account, known after three days.

    Frauds are of two kinds: every payment at one of ``places`` in turn for ten days, and five times the usual amount for a few days of one
    account in turn.
    """
    draw = random.Random(seed)
    usual = [draw.lognormvariate(3.0, 0.5) for _ in range(accounts)]
    made: list[Paid] = []
    for day in range(days):
        bad_place, bad_account = f"place-{day // 10 % places}", day // 4 % accounts
        for account in range(accounts):
            for _ in range(2):
                place, amount = f"place-{draw.randrange(places)}", usual[account] * draw.uniform(0.5, 1.5)
                stolen = account == bad_account
                fraud = int(stolen or place == bad_place)
                at = day + draw.random()
                made.append((at, f"account-{account}", place, amount * (5.0 if stolen else 1.0), fraud, at + 3))
    return sorted(made)
