"""Peer groups: entities that behave alike, learned at day boundaries, or networks that the operator named.

Learned groups come from Lloyd's k-means over the entities' own means, each number divided by the spread that entities have within
themselves (so a distance says how surprised one entity would be at being the other), with a deterministic farthest-first start (Gonzalez,
"Clustering to minimize the maximum intercluster distance", 1985). A further group is begun while somebody lies far from every centre;
groups of fewer than ``LEAST`` are dissolved, so what behaves like nobody is judged by itself and by everyone.

Who drifts while its network does not is seen here too: per number, how recent means lie above slow ones over all entities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from vedette.store.profiles.moments import Bools, Floats, Ints

MOST = 8
"""Learned groups at the most."""
APART = 2.0
"""Who lies further than this from every centre begins a group: root mean square over the numbers, in spreads within an entity."""
LEAST = 3
"""Members without whom there is no group."""
ROUNDS = 20
WEIGHT = 24.0
"""Windows after which a member counts no more than others: a group is of entities, not of their windows."""
SCALE_FLOOR = 0.2
_MAD = 1.4826
"""Median absolute deviation to standard deviation, of a normal distribution (Hampel 1974)."""
DRIFT_LEAST = 8
"""Entities without whom nothing is known of how the network drifts."""


class Peers:
    """The groups of one feature set, as of the last day boundary.

    Named groups come first, ``0 .. named - 1``; learned ones follow.

    Attributes:
        of: (entities,) group, -1 for none.
        sums: (3, groups, width): weight, weighted mean and weighted square over the members.
        parts: (entities, 3, width): what each entity gave to the sums of its group, so that it is not its own peer.
    """

    def __init__(self, width: int, named: int = 0) -> None:
        self.width, self.named = width, named
        self.of: Ints = np.zeros(0, dtype=np.int64)
        self.centres: Floats = np.zeros((0, width))
        self.scale: Floats = np.ones(width)
        self.middle: Floats = np.zeros(width)
        self.sums: Floats = np.zeros((3, named, width))
        self.parts: Floats = np.zeros((0, 3, width))
        self.drift: Floats = np.zeros(width)
        self.drift_spread: Floats = np.zeros(width)

    def grow(self, more: int) -> None:
        """Make room for so many entities more."""
        self.of = np.pad(self.of, (0, more), constant_values=-1)
        self.parts = np.pad(self.parts, ((0, more), (0, 0), (0, 0)))

    def take(self, rows: Ints) -> None:
        """Keep these entities, in this order."""
        self.of, self.parts = self.of[rows], self.parts[rows]

    def assign(self, ids: Ints, mean: Floats, known: Bools) -> None:
        """Put entities without a named group into the learned group that they are near to, if any.

        Args:
            ids: (n,) entities.
            mean: (n, width) their own means.
            known: (n, width) which of them there are.
        """
        free = (self.of[ids] < 0) | (self.of[ids] >= self.named)
        if len(self.centres) and free.any():
            self.of[ids[free]] = self._nearest(self._scaled(mean[free], known[free]))

    def leave(self, ids: Ints) -> None:
        """Take entities out of their groups, to whose sums they gave nothing."""
        self.of[ids] = -1
        self.parts[ids] = 0.0

    def moments(self, ids: Ints) -> tuple[Floats, Floats, Floats]:
        """Return weight, mean and variance, (n, width), of each entity's group without itself; weight 0 where there is no group."""
        group = self.of[ids]
        if not self.sums.shape[1]:
            empty = np.zeros((len(ids), self.width))
            return empty, empty, empty
        sums = np.where((group >= 0)[:, None], self.sums[:, np.maximum(group, 0)] - self.parts[ids].swapaxes(0, 1), 0.0)
        weight = np.where(sums[0] > 1e-9, sums[0], 0.0)  # noqa: PLR2004 - what is left of a difference
        safe = np.where(weight > 0, weight, 1.0)
        mean = np.where(weight > 0, sums[1] / safe, 0.0)
        return weight, mean, np.where(weight > 0, np.maximum(sums[2] / safe - mean**2, 0.0), 0.0)

    def learn(
        self, ids: Ints, own: tuple[Floats, Floats, Floats], drift: Floats, everyone: tuple[Ints, Floats, Bools]
    ) -> None:
        """Learn groups anew.

        Args:
            ids: (n,) the entities to learn from, in an order that does not depend on how the rows came.
            own: their own weight, mean and variance, each (n, width); a weight of 0: not known.
            drift: (n, width) recent mean above slow mean.
            everyone: entities to be put into groups: ids, own means, and which of these are known.
        """
        count, mean, var = own
        self._learn_drift(drift, count > 0)
        self._learn_centres(mean, var, count > 0)
        self.of[self.of >= self.named] = -1
        self.assign(*everyone)
        self._learn_sums(ids, count, mean, var)

    def _learn_centres(self, mean: Floats, var: Floats, known: Bools) -> None:
        self.centres = np.zeros((0, self.width))
        if not self.width or len(mean) < 2 * LEAST:
            return
        within = np.sqrt(_median(var, known))
        self.scale = np.maximum(np.where(np.isnan(within), 1.0, within), SCALE_FLOOR)
        self.middle = np.nan_to_num(_median(mean, known))
        points = self._scaled(mean, known)
        centres = points[[int(np.argmin((points**2).mean(axis=1)))]]
        for _ in range(MOST - 1):
            far = _distances(points, centres).min(axis=1)
            if far.max() <= APART**2:
                break
            centres = np.vstack([centres, points[int(np.argmax(far))]])
        for _ in range(ROUNDS):
            of = np.argmin(_distances(points, centres), axis=1)
            moved = np.array([points[of == g].mean(axis=0) if (of == g).any() else c for g, c in enumerate(centres)])
            if np.array_equal(moved, centres):
                break
            centres = moved
        sizes = np.bincount(np.argmin(_distances(points, centres), axis=1), minlength=len(centres))
        self.centres = centres[sizes >= LEAST]

    def _learn_sums(self, ids: Ints, count: Floats, mean: Floats, var: Floats) -> None:
        groups, group = self.named + len(self.centres), self.of[ids]
        inside = group >= 0
        weight = np.minimum(count[inside], WEIGHT)
        given = np.stack([weight, weight * mean[inside], weight * (var[inside] + mean[inside] ** 2)])
        self.parts[:] = 0.0
        self.parts[ids[inside]] = given.swapaxes(0, 1)
        self.sums = np.zeros((3, groups, self.width))
        for g in range(groups):  # groups are few
            self.sums[:, g] = given[:, group[inside] == g].sum(axis=1)

    def _learn_drift(self, drift: Floats, known: Bools) -> None:
        enough = known.sum(axis=0) >= DRIFT_LEAST
        middle = np.nan_to_num(_median(drift, known))
        spread = np.nan_to_num(_MAD * _median(np.abs(drift - middle), known))
        self.drift, self.drift_spread = np.where(enough, middle, 0.0), np.where(enough, spread, 0.0)

    def _scaled(self, mean: Floats, known: Bools) -> Floats:
        return np.where(known, (mean - self.middle) / self.scale, 0.0)

    def _nearest(self, points: Floats) -> Ints:
        """Return the group of each point; -1 where it lies far from every centre."""
        apart = _distances(points, self.centres)
        best = np.argmin(apart, axis=1)
        near = apart[np.arange(len(points)), best] <= (2 * APART) ** 2
        return np.where(near, best + self.named, -1)

    def columns(self, names: Sequence[str], ids: Ints) -> dict[str, pl.Series]:
        """Return ``peers.group`` (the learned one, from 0; -1 for none) and ``given.NAME`` of these entities."""
        learned = np.maximum(self.of[ids] - self.named, -1)
        parts = {
            f"given.{name}": pl.Series(self.parts[ids, :, i], dtype=pl.Array(pl.Float64, 3))
            for i, name in enumerate(names)
        }
        return {_GROUP: pl.Series(learned)} | parts

    def put(self, names: Sequence[str], ids: Ints, frame: pl.DataFrame) -> None:
        """Set these entities from what ``columns`` returned."""
        if not frame.height:
            return
        learned = frame[_GROUP].fill_null(-1).to_numpy() if _GROUP in frame.columns else np.full(frame.height, -1)
        self.of[ids] = np.where((learned >= 0) & (learned < len(self.centres)), learned + self.named, -1)
        for i, name in enumerate(names):
            self.parts[ids, :, i] = frame[f"given.{name}"].to_numpy() if f"given.{name}" in frame.columns else 0.0

    def told(self) -> dict[str, Any]:
        """Return what a file keeps beside the entities: plain lists, and their shapes."""
        return {
            name: {"shape": getattr(self, name).shape, "values": getattr(self, name).ravel().tolist()} for name in _KEPT
        }

    def restore(self, told: Mapping[str, Any]) -> None:
        """Take what ``told`` returned, of the same numbers and named groups."""
        for name in _KEPT:
            setattr(self, name, np.array(told[name]["values"], dtype=np.float64).reshape(told[name]["shape"]))


_GROUP = "peers.group"
"""A name that no key has: one of them is called ``group``."""
_KEPT = ("centres", "scale", "middle", "sums", "drift", "drift_spread")


def _distances(points: Floats, centres: Floats) -> Floats:
    """Return mean squares over the numbers: (points, centres)."""
    squares: Floats = ((points[:, None, :] - centres[None, :, :]) ** 2).mean(axis=2)
    return squares


def _median(values: Floats, known: Bools) -> Floats:
    """Return the median of each column over what is known; NaN where nothing is."""
    out = np.full(values.shape[1], np.nan)
    for i in range(values.shape[1]):  # numbers are few
        if known[:, i].any():
            out[i] = np.median(values[known[:, i], i])
    return out
