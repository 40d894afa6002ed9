"""How a patient attacker fares against the baselines: who raises his traffic by a little each day, among honest hosts of a made-up network.

``python -m tools.patience [--seeds 11-15] [--days 120] [--hosts 150]`` prints, for each threshold of ``own.f.drift``, after how many days
and at what multiple of his usual traffic an attacker is found, and how many honest hosts are pointed at meanwhile: in a network that stays
as it is, and in ones that grow as a whole. Beside it the plain reading, ``normal.f.deviation`` of single windows. Constants of
``store.profiles.numbers`` were chosen on seeds 1 to 3; the figures of the documentation are of seeds 11 to 15.

What is made up: 24 hourly windows a day with working hours and weekends; each host has a level of its own (spread 1 nat), days of its own
(0.4 nat), hours (0.7 nat), a slow wander (weekly steps of 0.15 nat, drawn back), holidays (5 % of days), and now and then a change of work
that lasts (once in 200 days, 0.8 nat). Easier than reality: hosts are independent, and nothing is missing for days but holidays.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.store.profiles import Profile

Floats = NDArray[np.float64]
START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEGINS = 30
"""Day on which the attackers begin."""
RATES = (0.02, 0.05, 0.10)
GROWTHS = (0.0, 0.005, 0.02)
THRESHOLDS = (3.0, 3.5, 4.0, 5.0)
EACH = 5
"""Attackers of each rate."""


class Bytes(WindowFeatures):
    """Bytes sent, per host and hour."""

    name = "patience_bytes"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip",)
    uses = ("traffic.bytes_out",)
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (HOUR,)
    normal: ClassVar[Normal | None] = Normal(HOUR, numbers=("bytes",), hourly=("bytes",))

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sum().cast(pl.Float64).alias("bytes")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sum()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("bytes")]


def levels(days: int, hosts: int, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return log bytes of every hour, (days, 24, hosts), and whether the host was there, without attack or growth."""
    random = np.random.default_rng(seed)
    own = random.normal(14.0, 1.0, hosts)
    wander = np.zeros((days, hosts))
    step = np.zeros(hosts)
    for day in range(days):
        if day % 7 == 0:
            step = 0.9 * step + random.normal(0, 0.15, hosts)
        wander[day] = step
    changes = np.cumsum(
        np.where(random.random((days, hosts)) < 1 / 200, random.normal(0, 0.8, (days, hosts)), 0.0), axis=0
    )
    each_day = random.normal(0, 0.4, (days, hosts))
    hour = np.arange(24)
    course = np.where((hour >= 8) & (hour < 18), 0.0, -4.0)
    level = (
        (own + wander + changes + each_day)[:, None, :]
        + course[None, :, None]
        + random.normal(0, 0.7, (days, 24, hosts))
    )
    there = np.ones((days, 24, hosts), dtype=np.bool_)
    weekend = np.arange(days) % 7 >= 5
    office = random.random(hosts) < 0.8
    away = (random.random((days, hosts)) < 0.05) | (weekend[:, None] & office[None, :])
    there &= ~away[:, None, :]
    there &= ~((course < 0)[None, :, None] & office[None, None, :] & (random.random((days, 24, hosts)) < 0.7))
    return level, there


@dataclass(frozen=True, slots=True)
class Seen:
    """What a network looked like to its baseline.

    Attributes:
        drift: (days, hosts) largest ``own.bytes.drift`` of a day; NaN: not seen. ``deviation``: of ``normal.bytes.deviation``.
        rate: (hosts,) how much an attacker adds a day; 0: honest.
    """

    drift: Floats
    deviation: Floats
    rate: Floats


def watch(days: int, hosts: int, seed: int, growth: float) -> Seen:
    """Let a baseline watch a network."""
    level, there = levels(days, hosts, seed)
    rate = np.zeros(hosts)
    for i, value in enumerate(RATES):
        rate[i * EACH : (i + 1) * EACH] = value
    since = np.maximum(np.arange(days) - BEGINS, 0)
    level = (
        level
        + since[:, None, None] * np.log1p(rate)[None, None, :]
        + (np.arange(days) * np.log1p(growth))[:, None, None]
    )
    profile = Profile(Bytes())
    drift, deviation = np.full((days, hosts), np.nan), np.full((days, hosts), np.nan)
    names = np.array([f"host{n}" for n in range(hosts)])
    for day in range(days):
        hour, host = np.nonzero(there[day])
        rows = pl.DataFrame(
            {"src_endpoint.ip": names[host], "hour": day * 24 + hour, "bytes": np.exp(level[day][hour, host])}
        )
        times = (pl.lit(START) + pl.col("hour") * HOUR).cast(pl.Datetime("us", "UTC")).alias("time")
        rows = rows.with_columns(times, window=pl.lit(HOUR).cast(pl.Duration("us")))
        told = profile.judge(rows)
        if not told.height:
            continue
        best = told.group_by("src_endpoint.ip").agg(
            pl.col("own.bytes.drift").max(), pl.col("normal.bytes.deviation").max()
        )
        at = best["src_endpoint.ip"].str.slice(4).cast(pl.Int64).to_numpy()
        drift[day, at] = best["own.bytes.drift"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        deviation[day, at] = best["normal.bytes.deviation"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return Seen(drift, deviation, rate)


def row(seen: Sequence[Seen], reading: str, threshold: float) -> str:
    """Return a line of the table: found and when, per rate, and what honest hosts cost."""
    cells = []
    for rate in RATES:
        found = []
        for one in seen:
            hot = getattr(one, reading)[BEGINS:, one.rate == rate] >= threshold
            found += [int(np.argmax(h)) if h.any() else None for h in hot.T]
        days = sorted(d for d in found if d is not None)
        told = f"day {days[len(days) // 2]}, x{(1 + rate) ** days[len(days) // 2]:.1f}" if days else "-"
        cells.append(f"{len(days)}/{len(found)} {told}")
    hosts = host_days = begun = 0
    for one in seen:
        honest = getattr(one, reading)[BEGINS:, one.rate == 0] >= threshold
        hosts += honest.shape[1]
        host_days += int(honest.sum())
        begun += int((honest[1:] & ~honest[:-1]).sum() + honest[0].sum())
    months = sum(len(one.drift) - BEGINS for one in seen) / 30
    per_100 = 100 * begun / months / (hosts / len(seen))
    return f"| {reading} >= {threshold:g} | {' | '.join(cells)} | {per_100:.1f} | {host_days:,} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", default="11-15")
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--hosts", type=int, default=150)
    wanted = parser.parse_args(arguments)
    low, _, high = wanted.seeds.partition("-")
    seeds = range(int(low), int(high or low) + 1)
    print(f"{wanted.hosts} hosts, {wanted.days} days, attackers from day {BEGINS} on, seeds {wanted.seeds}")
    for growth in GROWTHS:
        seen = [watch(wanted.days, wanted.hosts, seed, growth) for seed in seeds]
        print(f"\nThe network grows by {growth:.1%} a day\n")
        print(
            f"| reading | {' | '.join(f'+{r:.0%} a day' for r in RATES)} | false, of 100 hosts a month | honest host-days |"
        )
        print("| --- |" + " --- |" * (len(RATES) + 2))
        for threshold in THRESHOLDS:
            print(row(seen, "drift", threshold))
        for threshold in (3.0, 4.0):
            print(row(seen, "deviation", threshold))


if __name__ == "__main__":
    main()
