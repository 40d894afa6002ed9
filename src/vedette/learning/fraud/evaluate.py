"""The handbook's payments by the handbook's protocol: plain models, ours with labels, ours without, on the same rows in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import Origin
from vedette.detectors.payment_anomaly import PaymentAnomaly
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.history import HistoryState
from vedette.features.payment import ACCOUNT, Payment
from vedette.features.payment_history import MEASURES
from vedette.learning.fraud import peers
from vedette.learning.fraud.prequential import LABEL, Fold, figures, folds
from vedette.learning.fraud.train import WARM_DAYS, fitted, margins
from vedette.learning.tabular.table import opened
from vedette.sources.transactions import Transactions

Floats = npt.NDArray[np.float64]
Told = Callable[[str], None]
Result = dict[str, float | str | int]
FILES = {
    "host/fraud-handbook/transactions.parquet": "1a990501777de28acc8641db7869ac8ad35df5a2018ca363aade2b2fedc60abf",
}
COUNT = 4
"""Folds of validation, and of test after them."""
_LEARNED_FROM = ("time", ACCOUNT, LABEL, *MEASURES)
_HANDBOOK = tuple(f"handbook.{k}" for k in range(15))


def rows_of(batches: Iterator[EventBatch], told: Told = lambda _: None, most: int | None = None) -> pl.DataFrame:
    """Return payments of the batches with what was known before each, in order of time.

    Args:
        batches: events of any class.
        told: what is said on the way.
        most: the latest so many of those with a label, and no other column than training needs; None: every payment.
    """
    state, made = HistoryState(Payment()), Payment()
    for batch in batches:
        if batch.kind is EventClass.PAYMENT:
            state.add(made.take(batch))
    told("payments read")
    frames: list[pl.DataFrame] = []
    for frame in state.advance():
        frames.append(frame if most is None else frame.filter(pl.col(LABEL).is_not_null()).select(_LEARNED_FROM))
        while most is not None and sum(f.height for f in frames[1:]) >= most:
            frames.pop(0)
    state.close()
    if not frames:
        return pl.DataFrame(schema=made.schema())
    return pl.concat(frames).tail(most) if most is not None else pl.concat(frames)


def of_handbook(root: Path, seeds: int, told: Told = lambda _: None, folds_each: int = COUNT) -> list[Result]:
    """Return a result per part (validation, test), fold, configuration and seed."""
    raw = opened(root, FILES, "host/fraud-handbook/transactions.parquet")
    rows = rows_of(Transactions(Origin("fraud-handbook")).read(raw), told)
    told(f"{rows.height:,} payments, {int((rows[LABEL] == 1).sum()):,} of them fraud")
    return list(results(rows, seeds, told, folds_each))


def results(rows: pl.DataFrame, seeds: int, told: Told, folds_each: int = COUNT) -> Iterator[Result]:
    """Yield the results of payments with what was known before each."""
    plain = peers.handbook(rows)
    whole = rows.hstack([s.alias(n) for n, s in zip(_HANDBOOK, plain.get_columns(), strict=True)])
    begun: date = rows["time"][0].date() + timedelta(days=WARM_DAYS)
    for part, last, times in (("validation", folds_each, 1), ("test", 0, seeds)):  # one seed is enough to choose by
        for fold in folds(whole, folds_each, last):
            asked = fold.tests(whole)
            for seed in range(times):
                for name, scores in _scored(whole, fold, asked, begun, seed):
                    yield {
                        "part": part,
                        "configuration": name,
                        "seed": seed,
                        "fold": str(fold.test),
                        "payments": asked.height,
                        "frauds": int((asked[LABEL] == 1).sum()),
                        **figures(asked, scores),
                    }
            told(f"{part}: week of {fold.test}")


def _scored(
    whole: pl.DataFrame, fold: Fold, asked: pl.DataFrame, begun: date, seed: int
) -> Iterator[tuple[str, Floats]]:
    """Yield each configuration and its scores; what has no chance in it, and the dearest one, for the first seed alone."""
    week, ever = fold.training(whole), fold.training(whole, begun)
    for name, fit in PLAIN.items():
        if seed and fit is peers.logistic:
            continue
        yield f"{name}, handbook's features", _fit(fit, week, _HANDBOOK, seed)(_matrix(asked, _HANDBOOK))
    for name, training in (("7 days", week), ("all days", ever)):
        if not seed or training is ever:
            yield f"sum, {name}", margins(fitted(training, seed), asked)
        if not seed or training is week:
            trees = _fit(peers.boosted, training, MEASURES, seed)
            yield f"trees over our measures, {name}", trees(_matrix(asked, MEASURES))
    if not seed:
        yield "payment_anomaly (no labels)", PaymentAnomaly().score(asked).to_numpy()


PLAIN: Mapping[str, peers.Fit] = {
    "logistic regression": peers.logistic,
    "random forest": peers.forest,
    "boosted trees": peers.boosted,
}


def _fit(fit: peers.Fit, training: pl.DataFrame, columns: tuple[str, ...], seed: int) -> Callable[[Floats], Floats]:
    return fit(_matrix(training, columns), (training[LABEL] == 1).to_numpy(), seed)


def _matrix(rows: pl.DataFrame, columns: tuple[str, ...]) -> Floats:
    return rows.select(columns).to_numpy().astype(np.float64)
