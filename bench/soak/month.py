"""A run, day by day: everything that happens, in the order of time, as event batches of an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from bench.soak import lookups, machines, people
from bench.soak.attacks import Planted, plant
from bench.soak.company import Company
from bench.soak.days import BEGIN, Calendar, present
from bench.soak.rows import (
    DAY,
    HOUR,
    HTTP,
    SECOND,
    SILENT,
    TLS,
    UDP,
    UNHEARD,
    Column,
    Flows,
    Lookups,
    Pools,
    conn,
    dns,
    http,
    tls,
)
from vedette.events.batch import EventBatch

T = TypeVar("T", Flows, Lookups)

OUTAGE = (10 * HOUR, 10 * HOUR + 40 * 60 * SECOND)


@dataclass(slots=True)
class Hour:
    """One hour of events, and when it ends (microseconds since the epoch)."""

    until: int
    batches: list[EventBatch]


@dataclass(slots=True)
class Account:
    """What was made: rows per log, and which of them are planted or of which kind.

    Attributes:
        planted: (log, attack) -> sequences of its rows, an array per day.
        kinds: per day the kind of each flow, in the order of their sequences.
    """

    rows: dict[str, int] = field(default_factory=lambda: {"conn": 0, "ssl": 0, "http": 0, "dns": 0})
    planted: dict[tuple[str, int], list[Column]] = field(default_factory=dict)
    kinds: list[Column] = field(default_factory=list)

    def note(self, log: str, plants: Column) -> None:
        """Count the rows of a log that come next."""
        first = self.rows[log]
        self.rows[log] = first + len(plants)
        for number in np.unique(plants[plants >= 0]).tolist():
            self.planted.setdefault((log, number), []).append(first + np.flatnonzero(plants == number))


class Month:
    """The run.

    Args:
        days: how many.
        hosts: of the company.
        seed: the same seed gives the same events.
        attacks: whether they are planted.
        joining: the share of the workstations that join in the middle.
    """

    def __init__(self, days: int, hosts: int, seed: int, *, attacks: bool = True, joining: float = 0.0) -> None:
        self.days, self.calendar = days, Calendar(days)
        self.company = Company(seed, hosts, joining)
        self.attacks: list[Planted] = plant(self.company, days) if attacks else []
        self.account = Account()
        self._late = Flows.of(0)

    @property
    def end(self) -> int:
        """When the last day ends, in microseconds since the epoch."""
        return BEGIN + self.days * DAY

    def day(self, day: int) -> Iterator[Hour]:
        """Yield the hours of a day (0: the first); days are asked for in order."""
        begin = BEGIN + day * DAY
        fresh, asked = self._made(day)
        flows = Flows.joined([self._late, fresh])
        now = flows["start"] + flows["dur"] < begin + DAY
        self._late = flows.take(~now)  # a flow is written when it ends, a handshake and a request when they happen
        flows = flows.take(now)
        self.account.kinds.append(flows["kind"][np.argsort(flows["start"] + flows["dur"], kind="stable")])
        parts = [
            _by_hour(begin, flows, flows["start"] + flows["dur"]),
            _by_hour(begin, fresh.take(fresh["app"] == TLS), None),
            _by_hour(begin, fresh.take(fresh["app"] == HTTP), None),
            _by_hour(begin, asked, asked.columns["time"]),
        ]
        for hour, (ended, shaken, requested, looked) in enumerate(zip(*parts, strict=True)):
            batches = [
                *self._batch("conn", ended, conn),
                *self._batch("ssl", shaken, tls),
                *self._batch("http", requested, http),
                *self._batch("dns", looked, dns),
            ]
            yield Hour(begin + (hour + 1) * HOUR, batches)

    def _batch(self, log: str, part: T, make: Callable[[T, Pools, int], EventBatch]) -> Iterator[EventBatch]:
        if len(part):
            first = self.account.rows[log]
            self.account.note(log, part.plants)
            yield make(part, self.company.pools, first)

    def _made(self, day: int) -> tuple[Flows, Lookups]:
        """Return everything that begins on a day."""
        company, rng = self.company, np.random.default_rng([self.company.seed, 7, day])
        presence = present(company, day, self.days)
        parts = [
            people.browse(company, presence, rng),
            people.meet(company, presence, rng),
            people.send(company, presence, rng),
            people.office(company, presence, rng),
            people.neighbours(company, presence, rng),
            machines.programs(company, presence, self.calendar, rng),
            machines.clocks(company, presence, rng),
            machines.servers(company, presence, self.calendar, rng),
            machines.things(company, presence, rng),
        ]
        for when, name, size in (
            (self.calendar.rollout, "sync.expense-pilot.com", 1.8e8),
            (self.calendar.patches, "dl.update-service.com", 6e8),
        ):
            if day == when:
                parts.append(people.patch(company, presence, name, size, rng))
        begin = presence.begin
        for planted in self.attacks:
            start = planted.flows["start"]
            parts.append(planted.flows.take((start >= begin) & (start < begin + DAY)))
        flows = Flows.joined(parts)
        asked = [lookups.for_flows(company, flows, rng), lookups.strange(company, presence, rng)]
        for planted in self.attacks:
            time = planted.lookups.columns["time"]
            asked.append(planted.lookups.take(np.flatnonzero((time >= begin) & (time < begin + DAY))))
        every = Lookups.joined(asked)
        time = every.columns["time"]
        every = every.take(np.flatnonzero((time >= begin) & (time < begin + DAY)))
        if day == self.calendar.outage:
            flows, every = self._cut(begin, flows, every)
        return Flows.joined([flows, every.flows()]), every

    def _cut(self, begin: int, flows: Flows, asked: Lookups) -> tuple[Flows, Lookups]:
        """The uplink fails: what goes out is not answered and tried again, and names outside are not resolved."""
        inside = self.company.inside
        start = flows["start"] - begin
        lost = (start >= OUTAGE[0]) & (start < OUTAGE[1]) & ((flows["dst"] >= inside) != (flows["src"] >= inside))
        silent = np.where(flows["proto"] == UDP, UNHEARD, SILENT)
        dead = flows.but(
            state=np.where(lost, silent, flows["state"]),
            sent=np.where(lost, 0, flows["sent"]),
            got=np.where(lost, 0, flows["got"]),
            app=np.where(lost, 0, flows["app"]),
            dur=np.where(lost, 3 * SECOND, flows["dur"]),
        )
        again = dead.take(lost)
        again = again.but(start=again["start"] + 20 * SECOND)
        at = asked.columns["time"] - begin
        outage = (at >= OUTAGE[0]) & (at < OUTAGE[1]) & ((asked["rcode"] == 0) | (asked["dst"] >= inside))
        left = np.where(asked["dst"] >= inside, lookups.NOWHERE, lookups.FAILED)
        columns = {
            **asked.columns,
            "rcode": np.where(outage, left, asked.columns["rcode"]),
            "answer": np.where(outage, -1, asked.columns["answer"]),
        }
        return Flows.joined([dead, again]), Lookups(columns, asked.names)


def _by_hour(begin: int, rows: T, at: Column | None) -> Iterator[T]:
    """Yield the rows of each hour of a day, in the order of ``at`` (by default of their beginning)."""
    times = at if at is not None else rows["start"]
    order = np.argsort(times, kind="stable")
    cuts = np.searchsorted(times[order], begin + np.arange(1, 24) * HOUR)
    for part in np.split(order, cuts):
        yield rows.take(part)
