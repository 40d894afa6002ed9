"""How simulated beacons behave, and the flows they leave: for ``tools.beacons``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

import numpy as np
import polars as pl
from tools.rita_score import Floats

from vedette.features.beacon_pair import DAY

MIDNIGHT = datetime(2026, 3, 5, tzinfo=UTC)
"""A Thursday: weeks of windows begin on it."""
INTERVALS = (10, 60, 300, 900, 3600, 14_400)
JITTERS = (0.0, 0.2, 0.4, 0.6)
LOSSES = (0.0, 0.2, 0.4)
EACH = 8
"""Beacons of every interval and jitter, with loss, sleep, sizes and port drawn."""
SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """How one simulated beacon behaves.

    Attributes:
        interval: seconds; jitter: share of it by which a beat is early or late (or, ``early`` only, early).
        loss: share of beats that are not made; sleeps: it keeps to working hours.
        sizes: share by which the bytes sent vary.
    """

    interval: int
    jitter: float
    early: bool
    loss: float
    sleeps: bool
    sizes: float
    port: int
    size: int

    def moments(self, rng: np.random.Generator, days: int = 1) -> Floats:
        """Return the seconds of some days at which it makes contact."""
        count = 4 * days * SECONDS // self.interval + 8
        spread = rng.uniform(-self.jitter, 0.0 if self.early else self.jitter, count)
        at = rng.uniform(0, self.interval) + np.cumsum(self.interval * (1 + spread))
        at = at[(at < days * SECONDS) & (rng.random(count) >= self.loss)]
        awake = (at % SECONDS >= 8 * 3600) & (at % SECONDS < 18 * 3600)
        return at[awake] if self.sleeps else at

    def bytes_sent(self, count: int, rng: np.random.Generator) -> Floats:
        """Return what it sends each time; one time in fifty it is an answer to an order, and larger."""
        usual = self.size * (1 + rng.uniform(-self.sizes, self.sizes, count))
        return np.where(rng.random(count) < 0.02, usual * rng.uniform(3, 30, count), usual)


def plans(rng: np.random.Generator, intervals: Sequence[int] = INTERVALS) -> Iterator[Plan]:
    """Yield every beacon of the study."""
    for interval, jitter, _ in product(intervals, JITTERS, range(EACH)):
        yield Plan(
            interval,
            jitter,
            early=bool(rng.random() < 0.5),
            loss=float(rng.choice(LOSSES)),
            sleeps=bool(rng.random() < 0.3),
            sizes=float(rng.choice((0.0, 0.1, 0.5))),
            port=int(rng.choice((443, 443, 80, 8443, 4444, 50_050))),
            size=int(rng.integers(300, 3000)),
        )


def flows_of(number: int, plan: Plan, host: str, rng: np.random.Generator, days: int = 1) -> pl.DataFrame:
    """Return the flows of a beacon, to an address in a network of its own (198.18.0.0/15 is set apart for measurements: RFC 2544)."""
    at = plan.moments(rng, days)
    sent = plan.bytes_sent(len(at), rng)
    start = pl.Series((at * 1e6).astype(np.int64)) + int(MIDNIGHT.timestamp() * 1e6)
    frame = pl.DataFrame({"start_time": start, "took": rng.integers(50_000, 2_000_000, len(at)), "sent": sent})
    made = frame.select(
        pl.from_epoch(pl.col("start_time") + pl.col("took"), time_unit="us").dt.replace_time_zone("UTC").alias("time"),
        pl.from_epoch("start_time", time_unit="us").dt.replace_time_zone("UTC"),
        pl.lit(host).alias("src_endpoint.ip"),
        pl.lit(f"198.{18 + number // 256}.{number % 256}.9").alias("dst_endpoint.ip"),
        pl.Series("src_endpoint.port", rng.integers(20_000, 60_000, len(at)), pl.Int32),
        pl.lit(plan.port, pl.Int32).alias("dst_endpoint.port"),
        pl.lit("tcp").alias("connection_info.protocol_name"),
        pl.lit("SF").alias("status_code"),
        pl.lit("tls" if plan.port in (443, 8443) else "http").alias("app_protocol_name"),
        pl.col("sent").cast(pl.Int64).alias("traffic.bytes_out"),
        pl.Series("traffic.bytes_in", rng.integers(200, 1500, len(at)), pl.Int64),
        pl.lit(5, pl.Int64).alias("traffic.packets_in"),
        pl.lit(2, pl.Int32).alias("connection_info.direction_id"),
    )
    return made.filter(pl.col("time") < MIDNIGHT + days * DAY)
