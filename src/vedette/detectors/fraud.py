"""A payment that looks like those that turned out to be fraud at this site."""

from __future__ import annotations

import polars as pl

from vedette.abc import Contribution, Learned, Role
from vedette.features import payment_words as words
from vedette.features.payment import ACCOUNT, PLACE, Payment
from vedette.features.payment_evidence import EDGES, blocks, cell
from vedette.model import Analytic, EntityKind, Severity
from vedette.scoring.additive import Block


class Fraud(Learned):
    """Fraud: a payment that looks like those that turned out to be fraud, by a model that this site trained on its own payments.

    What is normal: people pay amounts of their own size, at their own pace, mostly at places they know, and places have little fraud. So
    a payment is described by what its account and its counterparty did in the hour, day, week, month and sixty days before, and by
    what had become known by then about payments there: a label counts from the day it became known, never earlier.

    The statistic: a sum of evidence in nats over the bins of these measures, and over pairs of them that mean more together (a high
    amount and several high ones lately; frauds in a row and how long ago they began), fitted by logistic regression with a ridge. The
    measures follow Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible machine learning for credit card fraud detection" (2022).

    No model ships: train one with ``vedette train fraud PATH`` on payments with labels. Until then this detector does not run,
    and ``payment_anomaly`` does.

    Known false positives:
        - a holiday, a wedding, a new car: an honest account that pays high amounts for a week
        - honest customers of a terminal that was abused and is clean again, until newer labels are known
        - an account's first weeks

    Blind spots:
        - the first days of an abused terminal, until the first labels are known
        - small amounts at a usual place with stolen details
        - frauds of a kind that no label of the training knew
        - what lies further back than sixty days, and payments that were not in the input

    Example: card-17 paid 1,249.00 EUR to shop-9, 12 times this account's usual amount; 5 of 11 payments there known as fraud in 30 days.
    """

    name = "fraud"
    title = "Payment that looks like fraud"
    needs = Payment
    analytic = Analytic.LEARNING
    techniques = ("T1657",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ACCOUNT, ACCOUNT)
    targets = (Role(EntityKind.COUNTERPARTY, PLACE),)
    ships = False

    @classmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        return blocks(rows)

    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        alone, together = self.encode(rows)
        nats, more = self.model.form.nats(alone), self.model.form.nats(together)
        measures, texts = list(EDGES), rows.select(**words.texts()).to_dicts()
        out = []
        for i, said in enumerate(texts):  # hits only: few
            sums = dict.fromkeys(words.THEMES.values(), 0.0)
            for k in range(alone.starts[i], alone.starts[i + 1]):
                sums[words.THEMES[measures[k - alone.starts[i]]]] += float(nats[k])
            for k in range(together.starts[i], together.starts[i + 1]):
                sums[words.THEMES[cell(int(together.slot[k]))[0]]] += float(more[k])
            out.append([Contribution(said[theme], n, theme) for theme, n in sums.items()])
        return out

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return rows.select(words.story()).to_series().to_list()
