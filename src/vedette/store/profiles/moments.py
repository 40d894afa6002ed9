"""Decayed weight, mean and variance, per column: for one sample, or for a row of samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Moments:
    """Decayed weight, mean and variance of numbers; arrays of one shape, (width,) or (rows, width).

    Example:
        >>> one = Moments(1)
        >>> one.merge(np.array([2.0]), np.array([3.0]), np.array([1.0]))
        >>> one.mean.tolist()
        [3.0]
    """

    __slots__ = ("count", "mean", "var")

    def __init__(self, *shape: int) -> None:
        self.count: Floats = np.zeros(shape)
        self.mean: Floats = np.zeros(shape)
        self.var: Floats = np.zeros(shape)

    def merge(self, count: Floats, mean: Floats, var: Floats) -> None:
        """Take in another sample's moments (Chan, Golub, LeVeque 1979)."""
        total = self.count + count
        share = np.divide(count, total, out=np.zeros_like(total), where=total > 0)
        apart = mean - self.mean
        self.var = (1 - share) * self.var + share * var + share * (1 - share) * apart**2
        self.mean = self.mean + share * apart
        self.count = total

    def add(self, ids: Ints, value: Floats, seen: Bools, fade: Floats) -> None:
        """Add one observation to each of some rows (West, "Updating mean and variance estimates", CACM 1979).

        Args:
            ids: (n,) rows, each once.
            value: (n, width); where ``seen`` is false it must be finite, and counts for nothing.
            seen: (n, width).
            fade: (n, 1) what is left by now of the weight that each row had.
        """
        total = self.count[ids] * fade + seen
        share = np.divide(seen, total, out=np.zeros_like(total), where=total > 0)
        apart = value - self.mean[ids]
        self.mean[ids] += share * apart
        self.var[ids] = (1 - share) * (self.var[ids] + share * apart**2)
        self.count[ids] = total

    def grow(self, more: int) -> None:
        """Add so many empty rows."""
        for name in self.__slots__:
            setattr(self, name, np.pad(getattr(self, name), ((0, more), (0, 0))))

    def take(self, rows: Ints) -> None:
        """Keep these rows, in this order."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name)[rows])

    def columns(self, prefix: str, names: Sequence[str], ids: Ints) -> dict[str, pl.Series]:
        """Return columns ``prefix.NAME.count|mean|var`` with a value for each of these rows."""
        return {
            f"{prefix}.{name}.{what}": pl.Series(getattr(self, what)[ids, i])
            for i, name in enumerate(names)
            for what in self.__slots__
        }

    def put(self, prefix: str, names: Sequence[str], ids: Ints, frame: pl.DataFrame) -> None:
        """Set these rows from what ``columns`` returned; a number that is not there begins anew."""
        for i, name in enumerate(names):
            for what in self.__slots__:
                if (column := f"{prefix}.{name}.{what}") in frame.columns:
                    getattr(self, what)[ids, i] = frame[column].to_numpy()
