"""What open windows hold by now, so that a look at the few that got events does not cost a pass over all.

An index like a log-structured merge tree (O'Neil et al., Acta Informatica 1996): newest first, runs of rows in order of a hash of keys and
window. A window that gets events is summed up anew into the newest run, and its older rows are passed over from then on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

Hashes = npt.NDArray[np.uint64]

FAN = 4
"""Runs of about a size before they are made one."""
_SALT = secrets.randbits(63)


class Totals:
    """The partials of open windows of one width, one row for each entity and window.

    Args:
        keys: the columns that name an entity; ``time`` is its window.
        merge: makes one row of the partials of an entity and window.

    Attributes:
        earliest: the first window that there is; None: none.
    """

    def __init__(self, keys: Sequence[str], merge: Callable[[list[pl.DataFrame]], pl.DataFrame]) -> None:
        self._row = pl.struct(*keys, "time").hash(_SALT)
        self._merge = merge
        self._runs: list[tuple[Hashes, pl.DataFrame]] = []
        self.earliest: datetime | None = None

    def __len__(self) -> int:
        """Return how many rows are held, those passed over among them."""
        return sum(len(hashes) for hashes, _ in self._runs)

    def add(self, fresh: pl.DataFrame, *, single: bool = False) -> pl.DataFrame:
        """Take partials; return the rows of their windows as they are now.

        Args:
            fresh: keys, ``time``, and what ``merge`` needs.
            single: whether they are one row for each entity and window.
        """
        if not fresh.height:
            return fresh
        held = self.find(fresh)
        if held.height or not single:
            fresh = self._merge([held, fresh] if held.height else [fresh])
        hashes = self._hashes(fresh)
        order = np.argsort(hashes)
        self._runs.append((hashes[order], fresh[order]))
        began = fresh["time"].min()
        assert isinstance(began, datetime)  # noqa: S101 - for the reader of types
        self.earliest = began if self.earliest is None else min(self.earliest, began)
        while len(self._runs) >= FAN and sum(len(h) for h, _ in self._runs[1 - FAN :]) >= len(self._runs[-FAN][0]):
            self._runs[-FAN:] = [_one(self._runs[-FAN:])]
        return fresh

    def find(self, windows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of some windows, each once; of those that there are none of, none.

        Args:
            windows: keys and ``time``.
        """
        wanted, found = np.unique(self._hashes(windows)), []
        for hashes, frame in reversed(self._runs):
            at = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
            hit = hashes[at] == wanted
            if hit.any():
                found.append(frame[at[hit]])
                wanted = wanted[~hit]
            if not len(wanted):
                break
        return pl.concat([f.select(found[0].columns) for f in found]) if found else pl.DataFrame()

    def frames(self) -> list[pl.DataFrame]:
        """Return all rows, as a list of no frame or one."""
        return [_one(self._runs)[1]] if self._runs else []

    def _hashes(self, rows: pl.DataFrame) -> Hashes:
        hashes: Hashes = rows.select(self._row).to_series().to_numpy()
        return hashes


def _one(runs: Sequence[tuple[Hashes, pl.DataFrame]]) -> tuple[Hashes, pl.DataFrame]:
    """Return runs, oldest first, as one: the newest row of each hash."""
    if len(runs) == 1:
        return runs[0]
    names = runs[0][1].columns
    hashes = np.concatenate([h for h, _ in reversed(runs)])
    frame = pl.concat([f.select(names) for _, f in reversed(runs)], rechunk=True)
    unique, first = np.unique(hashes, return_index=True)
    return unique, frame[first]
