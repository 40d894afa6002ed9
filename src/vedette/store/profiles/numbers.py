"""The sizes that are normal: decayed moments, quantile sketch and course of the week, per entity, peer group and of everyone.

Everything is of ``log1p`` of the measured number, which is where traffic is about normally distributed (Paxson 1994). An entity's own
history is drawn to that of its peers and of everyone the more the younger it is: hierarchical shrinkage, as of empirical Bayes (Efron and
Morris, "Data analysis using Stein's estimator", JASA 1975). An observation far out is pulled in before it is learned (Huber, "Robust
estimation of a location parameter", 1964), so that a loud attacker teaches little. A patient one moves its mean all the same: it shows in
the drift of the recent mean above the slow one, against the drift of everyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from vedette.abc import Normal
from vedette.store.profiles.course import BEGINS_AT, Course
from vedette.store.profiles.moments import Bools, Floats, Ints, Moments
from vedette.store.profiles.peers import Peers

OWN_WEIGHT = 2.0
"""Windows of its own after which an entity counts as much as its group."""
PEERS_WEIGHT = 20.0
"""Windows of a peer group after which it counts as much as everyone."""
HOUR_WEIGHT = 2.0
"""Windows at an hour of the week after which they count as much as all windows of the entity."""
APART_WEIGHT = 24.0
"""Windows told apart by the hour after which the spread among them counts as much as that among all."""
PRIOR_WINDOWS = 8.0
FLOOR = 0.2
"""No spread is smaller, in nats: what never varied may still vary by a fifth."""
FAR = 3.0
"""Observations further out, in spreads, are learned as if they lay here."""
SLOW, RECENT = 6.0, 7.0
"""The slow mean has so many times the half-life, the recent mean that part of it."""
JOINS_AT = 3
"""Windows before an entity is put into a peer group by how it behaves."""


class Numbers:
    """The state of all numbers of one feature set; rows of the arrays are entities, columns are ``normal.numbers``.

    Args:
        normal: what is learned.
        named: peer groups that the operator named.
    """

    def __init__(self, normal: Normal, named: int = 0) -> None:
        self.normal = normal
        self.width = len(normal.numbers)
        self._half = normal.half_life / normal.window
        self.at: Floats = np.zeros(0)
        """Number of the last window of each entity."""
        self.age: Ints = np.zeros(0, dtype=np.int64)
        self.own, self.slow, self.recent = (Moments(0, self.width) for _ in range(3))
        self.course = Course(self.width, np.array([normal.numbers.index(n) for n in normal.hourly], dtype=np.int64))
        self.peers = Peers(self.width, named)
        self.all = Moments(self.width)
        self.all_at = 0.0
        for name, (typical, spread) in normal.prior.items():
            i = normal.numbers.index(name)
            self.all.count[i], self.all.mean[i], self.all.var[i] = PRIOR_WINDOWS, np.log1p(typical), spread**2

    @property
    def room(self) -> int:
        """How many entities there is room for."""
        return len(self.at)

    def grow(self, size: int) -> None:
        """Make room for ``size`` entities."""
        more = size - self.room
        if more <= 0:
            return
        self.at, self.age = np.pad(self.at, (0, more)), np.pad(self.age, (0, more))
        for part in (self.course, self.peers, self.own, self.slow, self.recent):
            part.grow(more)

    def take(self, rows: Ints) -> None:
        """Keep these entities, in this order."""
        self.at, self.age = self.at[rows], self.age[rows]
        for part in (self.course, self.peers, self.own, self.slow, self.recent):
            part.take(rows)

    def step(self, ids: Ints, values: Floats, at: float, slot: int, *, learn: bool = True) -> dict[str, Floats]:
        """Judge the rows of one window, then learn from them.

        Args:
            ids: (n,) entity of each row, each once.
            values: (n, width) the numbers; NaN where not measured.
            at: number of the window since the epoch.
            slot: hour of the week, in [0, SLOTS).
            learn: false: only judge.

        Returns:
            The columns of ``Normal``: name -> (n, width) or, of ``hour``, (n, hourly); NaN where nothing is known.
        """
        x = np.log1p(np.maximum(values, 0.0))
        fade = 0.5 ** (np.maximum(at - self.at[ids], 0.0) / self._half)[:, None]
        if learn:
            fresh = ids[(self.peers.of[ids] < 0) & (self.age[ids] >= JOINS_AT)]
            self.peers.assign(fresh, self.own.mean[fresh], self.own.count[fresh] > 0)
        told = self._judge(ids, x, fade, at, slot)
        if learn:
            self._learn(ids, x, told, fade, at, slot)
        return told

    def _judge(self, ids: Ints, x: Floats, fade: Floats, at: float, slot: int) -> dict[str, Floats]:
        own, own_mean, own_var = self.own.count[ids] * fade, self.own.mean[ids], self.own.var[ids]
        everyone = self.all.count * self._all_fade(at)
        peers, peer_mean, peer_var = self.peers.moments(ids)
        known = everyone > 0
        all_mean, all_var = np.where(known, self.all.mean, np.nan), np.where(known, self.all.var, np.nan)
        mean, var = all_mean, all_var
        if peers.any():
            mean, var = _drawn(peers, peer_mean, mean, PEERS_WEIGHT), _drawn(peers, peer_var, var, PEERS_WEIGHT)
        hour_count, hour_mean = self.course.hour(ids, slot)
        now_mean, now_var = self._now(ids, own_mean, own_var, hour_count, hour_mean)
        normal_mean, normal_var = _drawn(own, now_mean, mean, OWN_WEIGHT), _drawn(own, now_var, var, OWN_WEIGHT)
        spread = np.sqrt(normal_var * (1 + 1 / (own + OWN_WEIGHT)) + FLOOR**2)
        mine, theirs = own > 0, peers > 0
        shape = np.ones_like(x)
        return {
            "own.count": own,
            "own.mean": np.where(mine, own_mean, np.nan),
            "own.spread": np.where(mine, np.sqrt(own_var + FLOOR**2), np.nan),
            "own.slow": np.where(mine, self.slow.mean[ids], np.nan),
            "own.drift": np.where(mine, self._drift(ids, fade), np.nan),
            "own.above": self.course.above(ids, x),
            "hour.count": hour_count,
            "hour.mean": hour_mean,
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

    def _now(self, ids: Ints, mean: Floats, var: Floats, count: Floats, of_hour: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance of the entities' own windows at this hour of the week, as far as that is known."""
        hourly = self.course.hourly
        if not len(hourly):
            return mean, var
        mean, var = mean.copy(), var.copy()
        mean[:, hourly] = _drawn(count, of_hour, mean[:, hourly], HOUR_WEIGHT)
        apart = self.slow.count[ids][:, hourly]
        var[:, hourly] = _drawn(apart, self.slow.var[ids][:, hourly], var[:, hourly], APART_WEIGHT)
        return mean, var

    def _all_fade(self, at: float) -> float:
        return 0.5 ** (max(at - self.all_at, 0.0) / self._half) if self.all_at else 1.0

    def _drift(self, ids: Ints, fade: Floats) -> Floats:
        """Return how far the recent mean lies above the slow one, less what everyone's does, in spreads of that over entities."""
        apart = self.recent.mean[ids] - self.slow.mean[ids] - self.peers.drift
        chance = self.slow.var[ids] / np.maximum(self.recent.count[ids] * fade**RECENT, 1.0)
        spread = np.sqrt(self.peers.drift_spread**2 + chance + FLOOR**2)
        return np.where(self.recent.count[ids] > 0, apart / spread, 0.0)

    def _learn(self, ids: Ints, x: Floats, told: dict[str, Floats], fade: Floats, at: float, slot: int) -> None:
        mean, spread = told["normal.mean"], told["normal.spread"]
        near = np.where(np.isnan(mean), x, np.clip(x, mean - FAR * spread, mean + FAR * spread))
        seen = ~np.isnan(x)
        value = np.where(seen, near, 0.0)
        level, told_apart = self._level(ids, value, seen, slot)
        self.slow.add(ids, level, told_apart, fade ** (1 / SLOW))
        self.recent.add(ids, level, told_apart, fade**RECENT)
        self.own.add(ids, value, seen, fade)
        self.course.add(ids, self.age[ids] >= BEGINS_AT, (x, value), seen, fade, slot)
        self.at[ids] = np.maximum(at, self.at[ids])
        self.age[ids] += 1
        self._learn_all(value, seen, at)

    def _level(self, ids: Ints, value: Floats, seen: Bools, slot: int) -> tuple[Floats, Bools]:
        """Return the values without the course of the week, and which there are: an hour must have been seen once to be told apart."""
        hourly = self.course.hourly
        if not len(hourly):
            return value, seen
        count, mean = self.course.hour(ids, slot)
        value, seen = value.copy(), seen.copy()
        value[:, hourly] -= np.where(count > 0, mean - self.own.mean[ids][:, hourly], 0.0)
        seen[:, hourly] &= count > 0
        return np.where(seen, value, 0.0), seen

    def _learn_all(self, value: Floats, seen: Bools, at: float) -> None:
        self.all.count = self.all.count * self._all_fade(at)
        self.all_at = max(at, self.all_at)
        count = seen.sum(axis=0).astype(np.float64)
        safe = np.maximum(count, 1.0)
        mean = value.sum(axis=0) / safe
        var = (np.where(seen, value - mean, 0.0) ** 2).sum(axis=0) / safe
        self.all.merge(count, mean, var)

    def regroup(self, ids: Ints) -> None:
        """Put entities that were away into today's groups: they gave nothing to them."""
        self.peers.leave(ids)
        old = ids[self.age[ids] >= JOINS_AT]
        self.peers.assign(old, self.own.mean[old], self.own.count[old] > 0)

    def learn_peers(self, ids: Ints, size: int) -> None:
        """Learn the peer groups anew, at a day boundary.

        Args:
            ids: the entities to learn from.
            size: how many entities there are; all that are old enough are put into groups.
        """
        ids = ids[self.age[ids] >= JOINS_AT]
        old = np.flatnonzero(self.age[:size] >= JOINS_AT)
        count, mean, var = self.own.count[ids], self.own.mean[ids], self.own.var[ids]
        drift = self.recent.mean[ids] - self.slow.mean[ids]
        self.peers.learn(ids, (count, mean, var), drift, (old, self.own.mean[old], self.own.count[old] > 0))

    def columns(self, ids: Ints) -> dict[str, pl.Series]:
        """Return what a file keeps of these entities, as columns."""
        names = self.normal.numbers
        told = {"at": pl.Series(self.at[ids]), "age": pl.Series(self.age[ids])}
        for level in _LEVELS:
            told |= getattr(self, level).columns(level, names, ids)
        return told | self.course.columns(names, ids) | self.peers.columns(names, ids)

    def put(self, ids: Ints, frame: pl.DataFrame) -> None:
        """Set these entities, which have nothing yet, from what ``columns`` returned; a number that is not there begins anew."""
        names = self.normal.numbers
        self.at[ids], self.age[ids] = frame["at"].to_numpy(), frame["age"].to_numpy()
        for level in _LEVELS:
            getattr(self, level).put(level, names, ids, frame)
        self.course.put(names, ids, frame)
        self.peers.put(names, ids, frame)

    def told(self) -> dict[str, Any]:
        """Return what a file keeps beside the entities: plain numbers and lists."""
        everyone = {
            name: [float(self.all.count[i]), float(self.all.mean[i]), float(self.all.var[i])]
            for i, name in enumerate(self.normal.numbers)
        }
        return {
            "numbers": list(self.normal.numbers),
            "all": everyone,
            "all_at": self.all_at,
            "peers": self.peers.told(),
        }

    def restore(self, told: Mapping[str, Any], *, groups: bool) -> None:
        """Take what ``told`` returned.

        Args:
            told: of the same numbers or others; what is new begins anew.
            groups: whether the named peer groups are the same. Otherwise, and of other numbers, groups are learned anew at the next day
                boundary.
        """
        self.all_at = float(told["all_at"])
        for i, name in enumerate(self.normal.numbers):
            if name in told["all"]:
                self.all.count[i], self.all.mean[i], self.all.var[i] = told["all"][name]
        if groups and told["numbers"] == list(self.normal.numbers):
            self.peers.restore(told["peers"])


_LEVELS = ("own", "slow", "recent")


def _drawn(weight: Floats, mean: Floats, to: Floats, half: float) -> Floats:
    """Return a mean drawn to another the more the less weight it has: half way at ``half``; the one that there is where one is absent."""
    share = weight / (weight + half)
    return np.where(weight > 0, np.where(np.isnan(to), mean, share * mean + (1 - share) * to), to)


__all__ = ["Floats", "Ints", "Numbers"]
