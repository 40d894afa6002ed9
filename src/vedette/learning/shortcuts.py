"""Single pieces and columns that tell two kinds of items apart by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.learning.fit import Design
from vedette.learning.measures import auc

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FEW = 20
"""Items of a kind below which nothing is said about it."""
CATEGORIES = 50
"""A text column of at most so many values is looked at as one of categories."""
IDENTITY = ("time", "metadata.log_name", "metadata.sequence")


def piece_areas(design: Design, labels: Bools) -> Floats:
    """Return (n_columns,): the area under the ROC of "has the piece", whichever way it speaks."""
    if min(labels.sum(), (~labels).sum()) < FEW:
        return np.zeros(design.matrix.shape[1])
    owner = np.repeat(labels, np.diff(design.matrix.indptr))
    inside = np.bincount(design.matrix.indices[owner], minlength=design.matrix.shape[1]) / labels.sum()
    outside = np.bincount(design.matrix.indices[~owner], minlength=design.matrix.shape[1]) / (~labels).sum()
    area: Floats = 0.5 + np.abs(inside - outside) / 2
    return area


def column_areas(rows: pl.DataFrame, labels: Bools) -> Iterator[tuple[str, float]]:
    """Yield columns of the rows and their area under the ROC; a missing value is a value of its own."""
    if min(labels.sum(), (~labels).sum()) < FEW:
        return
    for name, dtype in rows.schema.items():
        if name in IDENTITY:
            continue
        column = rows[name]
        if dtype == pl.String and column.n_unique() <= CATEGORIES:
            rate = pl.DataFrame({"c": column, "y": labels}).select(pl.col("y").cast(pl.Float64).mean().over("c"))
            value = rate.to_series().to_numpy()
        elif dtype.is_numeric() or dtype == pl.Boolean:
            plain = column.cast(pl.Float64).fill_nan(None).to_numpy()
            value = np.where(np.isnan(plain), -np.inf, plain)
        else:
            continue
        area = auc(value, labels)
        yield name, max(area, 1 - area)
