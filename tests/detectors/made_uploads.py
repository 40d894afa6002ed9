"""Makes weeks of uploads from an office, for the tests of detectors with a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from vedette.events.batch import EventBatch
from vedette.testing.flows import START, flows

CLOUD, THIEF = "198.51.100.20", "203.0.113.9"
MIDNIGHT = START - timedelta(hours=8)
HOURS = tuple(range(8, 18))
MB, GB = 1_000_000, 1_000_000_000


def sent(
    hours: Sequence[float],
    sizes: Sequence[float] | float,
    src: str = "10.0.0.5",
    dst: str | Sequence[str] = THIEF,
    **columns: object,
) -> EventBatch:
    """Return uploads at these hours after the first midnight; a fortieth of each comes back."""
    n = len(hours)
    out = [int(s) for s in (sizes if isinstance(sizes, Sequence) else [sizes] * n)]
    given: dict[str, Any] = {
        "bytes_in": [s // 40 for s in out],
        "packets_out": [s // 1000 + 1 for s in out],
        "packets_in": [s // 4000 + 1 for s in out],
        "direction": 2,
        **columns,
    }
    batch = flows(n, src=src, dst=dst, bytes_out=out, **given)
    times = [MIDNIGHT + timedelta(hours=h) for h in hours]
    frame = batch.frame.with_columns(pl.Series("time", times, dtype=batch.frame.schema["time"]))
    return EventBatch(batch.kind, frame.with_columns(start_time=pl.col("time")))


@cache
def office(days: int = 10, hosts: int = 30, seed: int = 1) -> tuple[EventBatch, ...]:
    """Return the days of hosts that send about a megabyte an hour to a cloud, and little to the makers of their programs."""
    rng, out = np.random.default_rng(seed), list[EventBatch]()
    for n in range(hosts):
        src = f"10.0.0.{n + 1}"
        hours = [24 * d + h + float(rng.random()) for d in range(days) for h in HOURS if rng.random() < 0.8]
        out.append(sent(hours, [float(s) for s in rng.lognormal(np.log(MB), 0.8, len(hours))], src, CLOUD))
        told = [(24.0 * d + 10, k) for d in range(days) for k in range(12) if rng.random() < 0.7]
        sizes = [float(s) for s in rng.lognormal(np.log(30_000), 1, len(told))]
        out.append(sent([h for h, _ in told], sizes, src, [f"198.18.{k if k else n + 100}.7" for _, k in told]))
    return (EventBatch(out[0].kind, pl.concat(batch.frame for batch in out)),)
