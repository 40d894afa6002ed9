"""What entities that stay have beside their moments: how their windows lie (a quantile sketch), and the course of their week.

Most entities of a network are seen once or twice (a pair of addresses, a forged source). They cost no sketch: it begins with the third
window.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.store.profiles.moments import Bools, Floats, Ints

Singles = NDArray[np.float32]

BINS, BIN_WIDTH = 64, 0.4
"""The quantile sketch: counts of log1p in bins, up to e^25.6. Mergeable by addition, to 20 % of the value."""
SLOTS = 48
"""The course of the week: 24 hours of a working day, 24 of a weekend."""
BEGINS_AT = 2
"""Windows before an entity has a sketch and a course of the week."""


class Course:
    """The sketches and weeks of one feature set. A row of ``place`` is an entity, its value the row of the other arrays, or -1.

    Args:
        width: numbers.
        hourly: columns of them whose course is learned.
    """

    def __init__(self, width: int, hourly: Ints) -> None:
        self.hourly = hourly
        self.place: Ints = np.zeros(0, dtype=np.int64)
        self.used = 0
        self.sketch: Singles = np.zeros((0, width, BINS), dtype=np.float32)
        self.count: Singles = np.zeros((0, SLOTS, len(hourly)), dtype=np.float32)
        self.mean: Singles = np.zeros((0, SLOTS, len(hourly)), dtype=np.float32)

    def grow(self, more: int) -> None:
        """Make room for so many entities more, none of which has a sketch."""
        self.place = np.pad(self.place, (0, more), constant_values=-1)

    def above(self, ids: Ints, x: Floats) -> Floats:
        """Return which share of each entity's windows lay at least as high; NaN where it has no sketch.

        Args:
            ids: (n,) entities.
            x: (n, width) of log1p; NaN where not measured.
        """
        at = self.place[ids]
        held = (
            self.sketch.take(np.maximum(at, 0), axis=0, mode="clip")
            if self.used
            else np.zeros((len(ids), *self.sketch.shape[1:]))
        )
        total = np.where((at >= 0)[:, None], held.sum(axis=2, dtype=np.float64), 0.0)
        at_least = (held * (np.arange(BINS) >= _bins(x)[:, :, None])).sum(axis=2, dtype=np.float64)
        share: Floats = np.divide(at_least, total, out=np.full_like(total, np.nan), where=(total > 0) & ~np.isnan(x))
        return share

    def hour(self, ids: Ints, slot: int) -> tuple[Floats, Floats]:
        """Return weight and mean, (n, hourly), of each entity's windows at this hour of the week; 0 and NaN where there was none."""
        at = self.place[ids]
        shape = (len(ids), len(self.hourly))
        if not self.used:
            return np.zeros(shape), np.full(shape, np.nan)
        row = np.maximum(at, 0)
        count = np.where((at >= 0)[:, None], self.count[row, slot], 0.0).astype(np.float64)
        return count, np.where(count > 0, self.mean[row, slot], np.nan)

    def add(self, ids: Ints, old: Bools, values: tuple[Floats, Floats], seen: Bools, fade: Floats, slot: int) -> None:
        """Take an observation of each of some entities.

        Args:
            ids: (n,) entities, each once.
            old: (n,) those that had ``BEGINS_AT`` windows before; the others have no sketch yet.
            values: (n, width) of log1p: as measured, for the sketch, in which a window counts once however far out it lies; and as learned.
            seen: (n, width) whether it was measured.
            fade: (n, 1) what is left of earlier weight.
            slot: hour of the week.
        """
        self._begin(ids[old & (self.place[ids] < 0)])
        at = self.place[ids]
        has = at >= 0
        (x, value), at, seen, fade = (v[has] for v in values), at[has], seen[has], fade[has].astype(np.float32)
        if not len(at):
            return
        sketch = self.sketch[at] * fade[:, :, None]
        sketch += (np.arange(BINS) == _bins(x)[:, :, None]) & seen[:, :, None]
        self.sketch[at] = sketch
        if len(self.hourly):
            known = seen[:, self.hourly]
            count = self.count[at, slot] * fade + known
            share = np.divide(known, count, out=np.zeros_like(count), where=count > 0)
            self.mean[at, slot] += (share * (value[:, self.hourly] - self.mean[at, slot])).astype(np.float32)
            self.count[at, slot] = count

    def _begin(self, ids: Ints) -> None:
        if not len(ids):
            return
        self.place[ids] = np.arange(self.used, self.used + len(ids))
        self.used += len(ids)
        room = len(self.sketch)
        if self.used > room:
            more = max(self.used, room * 3 // 2, 64) - room
            for name in ("sketch", "count", "mean"):
                setattr(self, name, np.pad(getattr(self, name), ((0, more), (0, 0), (0, 0))))

    def take(self, ids: Ints) -> None:
        """Keep these entities, in this order."""
        place = self.place[ids]
        rows = place[place >= 0]
        for name in ("sketch", "count", "mean"):
            setattr(self, name, getattr(self, name)[rows])
        self.place = np.full(len(ids), -1, dtype=np.int64)
        self.place[place >= 0] = np.arange(len(rows))
        self.used = len(rows)

    def columns(self, names: Sequence[str], ids: Ints) -> dict[str, pl.Series]:
        """Return columns ``sketch.NAME``, ``hour.NAME.count`` and ``hour.NAME.mean``: an array for each entity, null without one."""
        place = self.place[ids]
        absent = pl.Series(place < 0)
        told = {f"sketch.{name}": self._rows(self.sketch[:, i], place) for i, name in enumerate(names)}
        for i, at in enumerate(self.hourly):
            told |= {
                f"hour.{names[at]}.{what}": self._rows(held[:, :, i], place)
                for what, held in (("count", self.count), ("mean", self.mean))
            }
        return {name: column.set(absent, None) for name, column in told.items()}

    def _rows(self, held: Singles, place: Ints) -> pl.Series:
        rows = held[np.maximum(place, 0)] if self.used else np.zeros((len(place), held.shape[1]), dtype=np.float32)
        return pl.Series(rows, dtype=pl.Array(pl.Float32, held.shape[1]))

    def put(self, names: Sequence[str], ids: Ints, frame: pl.DataFrame) -> None:
        """Set these entities, which have nothing yet, from what ``columns`` returned; a number that is not there begins anew."""
        have = [name for name in names if f"sketch.{name}" in frame.columns]
        if not have or not frame.height:
            return
        has = frame[f"sketch.{have[0]}"].is_not_null().to_numpy()
        self._begin(ids[has])
        at, rows = self.place[ids[has]], frame.filter(pl.Series(has))
        for i, name in enumerate(names):
            if name in have:
                self.sketch[at, i] = rows[f"sketch.{name}"].to_numpy()
        for i, of in enumerate(self.hourly):
            for what, held in (("count", self.count), ("mean", self.mean)):
                if (column := f"hour.{names[of]}.{what}") in rows.columns:
                    held[at, :, i] = rows[column].to_numpy()


def _bins(x: Floats) -> Ints:
    return np.clip(np.nan_to_num(x) / BIN_WIDTH, 0, BINS - 1).astype(np.int64)
