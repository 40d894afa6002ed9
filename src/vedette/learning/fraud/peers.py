"""What the handbook of fraud detection does, for the same run: its fifteen features, and plain models of scikit-learn and LightGBM.

They need ``pip install vedette[peers]``; nothing that serves imports them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.errors import DataError
from vedette.features.payment import ACCOUNT, AMOUNT, PLACE
from vedette.learning.fraud.prequential import LABEL, WEEK

Floats = npt.NDArray[np.float64]
Fit = Callable[[Floats, npt.NDArray[np.bool_], int], Callable[[Floats], Floats]]
"""From a matrix, labels and a seed to a scorer."""
WINDOWS = (1, 7, 30)
TREES: Mapping[str, Any] = {
    "objective": "binary",
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
}
"""Of LightGBM; 200 rounds. Set once, by what is usual for few frauds, before any fold was asked."""
ROUNDS = 200


def handbook(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the fifteen features of payments in order of time: amount, weekend, night, three windows of card and of terminal.

    Windows of the card hold the payment itself; those of the terminal end seven days before, and its risk is the share of fraud in them.
    """
    base = rows.select(
        "time",
        ACCOUNT,
        PLACE,
        "weekend",
        "night",
        one=pl.lit(1.0),
        amount=pl.col(AMOUNT) / 1000,
        bad=(pl.col(LABEL) == 1) * 1.0,
    )
    delays = (WEEK, *(WEEK + w for w in WINDOWS))
    sums = base.with_columns(
        *(_sum("one", ACCOUNT, w).alias(f"n{w}") for w in WINDOWS),
        *(_sum("amount", ACCOUNT, w).alias(f"a{w}") for w in WINDOWS),
        *(_sum("one", PLACE, w).alias(f"t{w}") for w in delays),
        *(_sum("bad", PLACE, w).alias(f"f{w}") for w in delays),
    )
    seen = {w: pl.col(f"t{WEEK + w}") - pl.col(f"t{WEEK}") for w in WINDOWS}
    return sums.select(
        "amount",
        "weekend",
        "night",
        *(pl.col(f"n{w}").alias(f"card_count_{w}") for w in WINDOWS),
        *((pl.col(f"a{w}") / pl.col(f"n{w}")).alias(f"card_mean_{w}") for w in WINDOWS),
        *(seen[w].alias(f"terminal_count_{w}") for w in WINDOWS),
        *(
            ((pl.col(f"f{WEEK + w}") - pl.col(f"f{WEEK}")) / seen[w]).fill_nan(0.0).alias(f"terminal_risk_{w}")
            for w in WINDOWS
        ),
    )


def _sum(column: str, by: str, days: int) -> pl.Expr:
    return pl.col(column).rolling_sum_by("time", window_size=f"{days}d").over(by)


def logistic(matrix: Floats, labels: npt.NDArray[np.bool_], seed: int) -> Callable[[Floats], Floats]:
    """Logistic regression of standardised features."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise _absent("scikit-learn") from error
    mean, spread = matrix.mean(0), matrix.std(0) + 1e-9
    model = LogisticRegression(max_iter=1000, random_state=seed).fit((matrix - mean) / spread, labels)
    return lambda some: np.asarray(model.decision_function((some - mean) / spread), np.float64)


def forest(matrix: Floats, labels: npt.NDArray[np.bool_], seed: int) -> Callable[[Floats], Floats]:
    """A random forest of a hundred trees, as it comes."""
    try:
        from sklearn.ensemble import RandomForestClassifier
    except ImportError as error:
        raise _absent("scikit-learn") from error
    model = RandomForestClassifier(n_estimators=100, random_state=seed, n_jobs=1).fit(matrix.astype(np.float32), labels)
    return lambda some: np.asarray(model.predict_proba(some.astype(np.float32))[:, 1], np.float64)


def boosted(matrix: Floats, labels: npt.NDArray[np.bool_], seed: int) -> Callable[[Floats], Floats]:
    """Gradient-boosted trees."""
    try:
        import lightgbm as library
    except ImportError as error:
        raise _absent("lightgbm") from error
    trees = library.train({**TREES, "seed": seed}, library.Dataset(matrix, labels.astype(np.float64)), ROUNDS)
    return lambda some: np.asarray(trees.predict(some, raw_score=True), np.float64)


def _absent(library: str) -> DataError:
    return DataError(f"{library} is not here: the plain methods need it", hint="pip install 'vedette[peers]'")
