"""Who works when: hours, lunch, weekends, illness, holidays, new colleagues; and the days on which something happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.soak.company import Company
from bench.soak.rows import DAY, HOUR, MINUTE, Column, Ints

BEGIN = 1_780_272_000_000_000
"""The first midnight (UTC): Monday, 1 June 2026, in microseconds since the epoch."""
WEEKEND = 0.06
"""Who works at a weekend, as a share."""
JOIN = 0.25
"""Of a run, when those join who join in the middle."""
GROWTH = 0.01
"""More traffic each day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which something happens, for a run of ``days`` days; -1: not in so short a run."""

    days: int

    @property
    def rollout(self) -> int:
        """Everybody gets a new program, and downloads it."""
        return 9 if self.days > 10 else -1

    @property
    def patches(self) -> int:
        """Everybody downloads large updates."""
        return 8 if self.days > 9 else -1

    @property
    def new_server(self) -> int:
        """A new server is there from this day on."""
        return 15 if self.days > 17 else -1

    @property
    def outage(self) -> int:
        """The uplink fails for forty minutes."""
        return 17 if self.days > 18 else -1


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """One day: which workstations are there, and when (microseconds since the epoch).

    Attributes:
        at_work: their owners work; ``arrive`` and ``leave`` say when.
        on, off: when the machine runs; where it does not, ``off`` is ``on``.
    """

    day: int
    begin: int
    at_work: Column
    arrive: Ints
    leave: Ints
    on: Ints
    off: Ints

    @property
    def weekend(self) -> bool:
        """Whether it is Saturday or Sunday."""
        return self.day % 7 > 4


def present(company: Company, day: int, days: int) -> Presence:
    """Return who is there on a day (0: the first)."""
    stations = len(company.workstations)
    always, rng = np.random.default_rng([company.seed, 1]), np.random.default_rng([company.seed, 2, day])
    holiday = always.integers(-20, days + 20, stations)
    away = (day >= holiday) & (day < holiday + always.integers(5, 12, stations)) & (always.random(stations) < 0.5)
    ill = rng.random(stations) < 0.025
    hired = np.zeros(stations, dtype=np.int64)
    fresh = max(1, stations // 45)
    hired[-fresh:] = always.integers(days // 5, max(days // 5 + 1, days * 3 // 4), fresh)
    hired[company.young] = int(days * JOIN)
    early = always.normal(0, 35 * MINUTE, stations)
    overnight = always.random(stations) < 0.15
    begin = BEGIN + day * DAY
    weekend = day % 7 > 4
    at_work = ~away & ~ill & (day >= hired) & ((rng.random(stations) < WEEKEND) if weekend else True)
    arrive = begin + 8.4 * HOUR + early + rng.normal(0, 18 * MINUTE, stations)
    leave = begin + 17.1 * HOUR + early + rng.normal(0, 45 * MINUTE, stations)
    if weekend:
        arrive = begin + rng.uniform(8 * HOUR, 19 * HOUR, stations)
        leave = arrive + rng.exponential(90 * MINUTE, stations) + 10 * MINUTE
    arrive = np.clip(arrive, begin + 4 * HOUR, begin + 21 * HOUR)
    leave = np.clip(leave, arrive + 20 * MINUTE, begin + 23.5 * HOUR)
    stays = overnight & (day >= hired)
    on = np.where(stays, begin, arrive - rng.uniform(1, 6, stations) * MINUTE)
    off = np.where(stays, begin + DAY, np.where(at_work, leave + rng.exponential(15, stations) * MINUTE, on))
    whole = [a.astype(np.int64) for a in (arrive, leave, on, np.minimum(off, begin + DAY))]
    return Presence(day, begin, at_work, *whole)


def moments(presence: Presence, counts: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return (host, time) of ``counts`` moments of each workstation's working day, fewer at lunch; ordered by neither."""
    host = np.repeat(np.arange(len(counts)), np.where(presence.at_work, counts, 0))
    span = (presence.leave - presence.arrive)[host]
    at = presence.arrive[host] + (rng.random(len(host)) * span).astype(np.int64)
    lunch = presence.begin + 12 * HOUR
    eating = (at > lunch) & (at < lunch + 50 * MINUTE) & (rng.random(len(host)) < 0.7) & ~np.asarray(presence.weekend)
    return host[~eating], at[~eating]
