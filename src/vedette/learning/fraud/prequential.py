"""Train on some days, wait until labels are known, ask about the next days: the protocol of fraud, and its figures.

Le Borgne, Siblini, Lebichot and Bontempi, "Reproducible machine learning for credit card fraud detection: practical handbook", 2022:
train seven days, a delay of seven, test seven; cards known to be compromised by then are not asked about again; card precision at k is the
share of compromised cards among the k cards a day that score highest, each found once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.features.payment import ACCOUNT
from vedette.learning.measures import auc, average_precision

Floats = npt.NDArray[np.float64]
LABEL = "vedette.payment.label"
WEEK = 7
CARDS = 100


@dataclass(frozen=True, slots=True)
class Fold:
    """One training and one test.

    Attributes:
        test: the first day of the test.
        train, delay, length: days of training, between training and test, and of the test.
    """

    test: date
    train: int = WEEK
    delay: int = WEEK
    length: int = WEEK

    @property
    def begin(self) -> date:
        """The first day of training."""
        return self.test - timedelta(days=self.train + self.delay)

    @property
    def end(self) -> date:
        """The first day that is not trained on."""
        return self.test - timedelta(days=self.delay)

    def training(self, rows: pl.DataFrame, since: date | None = None) -> pl.DataFrame:
        """Return the rows to train on: those of the fold, or all from ``since`` on."""
        return rows.filter(
            _day().is_between(since or self.begin, self.end, closed="left") & pl.col(LABEL).is_not_null()
        )

    def tests(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that are asked about: on each day those of cards not known to be compromised by then."""
        bad = rows.filter((pl.col(LABEL) == 1) & _day().is_between(self.begin, self.test, closed="left"))
        since = bad.group_by(ACCOUNT).agg(
            # A fraud of training is known throughout; one of the delay from as many days later as the delay is long, and a day.
            _known=pl.when(_day() < self.end).then(self.test).otherwise(_day() + timedelta(days=self.delay + 1)).min()
        )
        asked = rows.filter(_day().is_between(self.test, self.test + timedelta(days=self.length), closed="left"))
        told = asked.join(since, on=ACCOUNT, how="left", maintain_order="left")
        return told.filter(pl.col("_known").is_null() | (_day() < pl.col("_known"))).drop("_known")


def folds(rows: pl.DataFrame, count: int, last: int = 0) -> Iterator[Fold]:
    """Yield ``count`` folds of a week, oldest first, whose last ends ``last`` weeks before the rows do."""
    end: date = rows.select(_day().max()).item() + timedelta(days=1) - timedelta(weeks=last)
    yield from (Fold(end - timedelta(weeks=count - k)) for k in range(count))


def figures(rows: pl.DataFrame, scores: Floats) -> dict[str, float]:
    """Return AUC, average precision and card precision at 100 of scores of the rows."""
    labels = (rows[LABEL] == 1).to_numpy()
    return {
        "auc": auc(scores, labels),
        "average_precision": average_precision(scores, labels),
        "card_precision": card_precision(rows, scores, CARDS),
    }


def card_precision(rows: pl.DataFrame, scores: Floats, most: int) -> float:
    """Return the mean over days of the share of compromised cards among the ``most`` that score highest; a card counts once."""
    cards = (
        rows.select(ACCOUNT, day=_day(), bad=pl.col(LABEL) == 1)
        .with_columns(score=pl.Series(scores))
        .group_by("day", ACCOUNT)
        .agg(pl.col("score").max(), pl.col("bad").any())
        .sort("day", "score", ACCOUNT, descending=[False, True, False])
    )
    found: list[str] = []
    shares = []
    for day in cards.partition_by("day", maintain_order=True):
        best = day.filter(~pl.col(ACCOUNT).is_in(found)).head(most)
        hits = best.filter("bad")[ACCOUNT].to_list()
        shares.append(len(hits) / most)
        found += hits
    return float(np.mean(shares)) if shares else float("nan")


def _day() -> pl.Expr:
    return pl.col("time").dt.date()
