"""The sizes that are normal: decayed moments, quantile sketch and course of the week, per entity, peer group and of everyone.

Everything is of ``log1p`` of the measured number, which is where traffic is about normally distributed (Paxson 1994). An entity's own
history is drawn to that of its peers and of everyone the more the younger it is: hierarchical shrinkage, as of empirical Bayes (Efron and
Morris, "Data analysis using Stein's estimator", JASA 1975). An observation far out is pulled in before it is learned (Huber, "Robust
estimation of a location parameter", 1964), so that a loud attacker teaches little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vedette.abc import Normal

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS, BIN_WIDTH = 64, 0.4
"""The quantile sketch: counts of log1p in bins, up to e^25.6. Mergeable by addition, to 20 % of the value."""
SLOTS = 48
"""The course of the week: 24 hours of a working day, 24 of a weekend."""
OWN_WEIGHT = 2.0
"""Windows of its own after which an entity counts as much as its group."""
PEERS_WEIGHT = 20.0
"""Windows of a peer group after which it counts as much as everyone."""
PRIOR_WINDOWS = 8.0
FLOOR = 0.2
"""No spread is smaller, in nats: what never varied may still vary by a fifth."""
FAR = 3.0
"""Observations further out, in spreads, are learned as if they lay here."""
SLOW = 6.0


class Moments:
    """Decayed weight, mean and variance, per column."""

    def __init__(self, *shape: int) -> None:
        self.count = np.zeros(shape)
        self.mean = np.zeros(shape)
        self.var = np.zeros(shape)

    def merge(self, count: Floats, mean: Floats, var: Floats) -> None:
        """Take in another sample's moments (Chan, Golub, LeVeque 1979)."""
        total = self.count + count
        share = np.divide(count, total, out=np.zeros_like(total), where=total > 0)
        apart = mean - self.mean
        self.var = (1 - share) * self.var + share * var + share * (1 - share) * apart**2
        self.mean = self.mean + share * apart
        self.count = total


class Numbers:
    """The state of all numbers of one feature set; rows of the arrays are entities, columns are ``normal.numbers``.

    Args:
        normal: what is learned.
    """

    def __init__(self, normal: Normal) -> None:
        self.names = normal.numbers
        self.width = len(normal.numbers)
        self._half = normal.half_life / normal.window
        self._hourly = np.array([normal.numbers.index(n) for n in normal.hourly], dtype=np.int64)
        self.at = np.zeros(0)
        self.own = Moments(0, self.width)
        self.slow = Moments(0, self.width)
        self.sketch = np.zeros((0, self.width, BINS), dtype=np.float32)
        self.hour_count = np.zeros((0, SLOTS, len(self._hourly)), dtype=np.float32)
        self.hour_mean = np.zeros((0, SLOTS, len(self._hourly)), dtype=np.float32)
        self.group = np.zeros(0, dtype=np.int64)
        """Peer group of each entity, -1 for none yet; ``peers`` holds the groups' moments."""
        self.peers = Moments(0, self.width)
        self.all = Moments(self.width)
        self.all_at = 0.0
        for name, (typical, spread) in normal.prior.items():
            i = self.names.index(name)
            self.all.count[i], self.all.mean[i], self.all.var[i] = PRIOR_WINDOWS, np.log1p(typical), spread**2

    def grow(self, size: int) -> None:
        """Make room for ``size`` entities."""
        more = size - len(self.at)
        if more <= 0:
            return
        self.at = np.pad(self.at, (0, more))
        self.group = np.pad(self.group, (0, more), constant_values=-1)
        self.sketch = np.pad(self.sketch, ((0, more), (0, 0), (0, 0)))
        self.hour_count = np.pad(self.hour_count, ((0, more), (0, 0), (0, 0)))
        self.hour_mean = np.pad(self.hour_mean, ((0, more), (0, 0), (0, 0)))
        for moments in (self.own, self.slow):
            moments.count = np.pad(moments.count, ((0, more), (0, 0)))
            moments.mean = np.pad(moments.mean, ((0, more), (0, 0)))
            moments.var = np.pad(moments.var, ((0, more), (0, 0)))

    def step(self, ids: Ints, values: Floats, at: float, slot: int) -> dict[str, Floats]:
        """Judge the rows of one window, then learn from them.

        Args:
            ids: (n,) entity of each row, each once.
            values: (n, width) the numbers; NaN where not measured.
            at: number of the window since the epoch.
            slot: hour of the week, in [0, SLOTS).

        Returns:
            The columns of ``Normal``: name -> (n, width) or, of ``hour``, (n, hourly); NaN where nothing is known.
        """
        x = np.log1p(np.maximum(values, 0.0))
        fade = 0.5 ** (np.maximum(at - self.at[ids], 0.0) / self._half)[:, None]
        told = self._judge(ids, x, fade, at, slot)
        self._learn(ids, x, told, fade, at, slot)
        return told

    def _judge(self, ids: Ints, x: Floats, fade: Floats, at: float, slot: int) -> dict[str, Floats]:
        own = self.own.count[ids] * fade
        everyone = self.all.count * 0.5 ** (max(at - self.all_at, 0.0) / self._half) if self.all_at else self.all.count
        group = self.group[ids]
        peers = np.where(group[:, None] >= 0, self._of_group(self.peers.count, group), 0.0)
        known = everyone > 0
        all_mean, all_var = np.where(known, self.all.mean, np.nan), np.where(known, self.all.var, np.nan)
        peer_mean, peer_var = self._of_group(self.peers.mean, group), self._of_group(self.peers.var, group)
        weight = peers / (peers + PEERS_WEIGHT)
        mean = np.where(peers > 0, weight * peer_mean + (1 - weight) * all_mean, all_mean)
        var = np.where(peers > 0, weight * peer_var + (1 - weight) * all_var, all_var)
        weight = own / (own + OWN_WEIGHT)
        normal_mean = np.where(
            own > 0, np.where(known, weight * self.own.mean[ids] + (1 - weight) * mean, self.own.mean[ids]), mean
        )
        normal_var = np.where(
            own > 0, np.where(known, weight * self.own.var[ids] + (1 - weight) * var, self.own.var[ids]), var
        )
        spread = np.sqrt(normal_var * (1 + 1 / (own + OWN_WEIGHT)) + FLOOR**2)
        mine, theirs = own > 0, peers > 0
        shape = np.ones_like(x)
        hour = self.hour_count[ids, slot].astype(np.float64)
        return {
            "own.count": own,
            "own.mean": np.where(mine, self.own.mean[ids], np.nan),
            "own.spread": np.where(mine, np.sqrt(self.own.var[ids] + FLOOR**2), np.nan),
            "own.slow": np.where(mine, self.slow.mean[ids], np.nan),
            "own.above": np.where(mine, self._above(ids, x), np.nan),
            "hour.count": hour,
            "hour.mean": np.where(hour > 0, self.hour_mean[ids, slot], np.nan),
            "peers.count": peers,
            "peers.mean": np.where(theirs, peer_mean, np.nan),
            "peers.spread": np.where(theirs, np.sqrt(peer_var + FLOOR**2), np.nan),
            "all.count": everyone * shape,
            "all.mean": all_mean * shape,
            "all.spread": np.sqrt(all_var + FLOOR**2) * shape,
            "normal.mean": normal_mean * shape,
            "normal.spread": spread,
            "normal.deviation": (x - normal_mean) / spread,
        }

    def _of_group(self, column: Floats, group: Ints) -> Floats:
        if not len(column):
            return np.zeros((len(group), self.width))
        return column.take(np.maximum(group, 0), axis=0)

    def _above(self, ids: Ints, x: Floats) -> Floats:
        held = self.sketch[ids].astype(np.float64)
        total = held.sum(axis=2)
        at_least = (held * (np.arange(BINS) >= _bins(x)[:, :, None])).sum(axis=2)
        share: Floats = np.divide(at_least, total, out=np.zeros_like(total), where=total > 0)
        return share

    def _learn(self, ids: Ints, x: Floats, told: dict[str, Floats], fade: Floats, at: float, slot: int) -> None:
        mean, spread = told["normal.mean"], told["normal.spread"]
        near = np.where(np.isnan(mean), x, np.clip(x, mean - FAR * spread, mean + FAR * spread))
        seen = ~np.isnan(x)
        value = np.where(seen, near, 0.0)
        _add(self.own, ids, value, seen, fade)
        _add(self.slow, ids, value, seen, fade ** (1 / SLOW))
        sketch = self.sketch[ids] * fade[:, :, None].astype(np.float32)
        sketch += ((np.arange(BINS) == _bins(near)[:, :, None]) & seen[:, :, None]).astype(np.float32)
        self.sketch[ids] = sketch
        if len(self._hourly):
            of, known = value[:, self._hourly], seen[:, self._hourly]
            count = self.hour_count[ids, slot] * fade.astype(np.float32) + known
            share = np.divide(known, count, out=np.zeros_like(count), where=count > 0)
            self.hour_mean[ids, slot] += (share * (of - self.hour_mean[ids, slot])).astype(np.float32)
            self.hour_count[ids, slot] = count
        self.at[ids] = np.maximum(at, self.at[ids])
        self._learn_all(value, seen, at)

    def _learn_all(self, value: Floats, seen: NDArray[np.bool_], at: float) -> None:
        if self.all_at:
            self.all.count = self.all.count * 0.5 ** (max(at - self.all_at, 0.0) / self._half)
        self.all_at = max(at, self.all_at)
        count = seen.sum(axis=0).astype(np.float64)
        safe = np.maximum(count, 1.0)
        mean = value.sum(axis=0) / safe
        var = (np.where(seen, value - mean, 0.0) ** 2).sum(axis=0) / safe
        self.all.merge(count, mean, var)


def _add(moments: Moments, ids: Ints, value: Floats, seen: NDArray[np.bool_], fade: Floats) -> None:
    """Add one observation per entity (West, "Updating mean and variance estimates", CACM 1979)."""
    count = moments.count[ids] * fade
    total = count + seen
    share = np.divide(seen, total, out=np.zeros_like(total), where=total > 0)
    apart = value - moments.mean[ids]
    moments.mean[ids] += share * apart
    moments.var[ids] = (1 - share) * (moments.var[ids] + share * apart**2)
    moments.count[ids] = total


def _bins(x: Floats) -> Ints:
    return np.clip(np.nan_to_num(x) / BIN_WIDTH, 0, BINS - 1).astype(np.int64)
