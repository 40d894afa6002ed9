"""Does it keep the clock? Circular statistics of times, as mergeable whole numbers.

A scheduled job acts at the same second of the minute; a person or an attack tool at any. The mean resultant length of the phases is
1 for perfect time-keeping, about 1/sqrt(n) for none (Rayleigh test: Mardia and Jupp, *Directional Statistics*, 2000, section 6.3).
The period is 10 s: whoever acts every 10, 20, 30, 60 or 300 seconds has a fixed phase in it. Sums are of whole millionths, so that
they do not depend on the order of the events.
"""

from __future__ import annotations

import math

import polars as pl

PERIOD_US = 10_000_000
_SCALE = 1_000_000


def clock_parts(time: pl.Expr, prefix: str = "clock") -> list[pl.Expr]:
    """Aggregate a time column into ``<prefix>_cos``, ``<prefix>_sin`` (Int64 millionths) and ``<prefix>_n``."""
    angle = (time.dt.epoch("us") % PERIOD_US) * (2 * math.pi / PERIOD_US)
    return [
        (angle.cos() * _SCALE).round().cast(pl.Int64).sum().alias(f"{prefix}_cos"),
        (angle.sin() * _SCALE).round().cast(pl.Int64).sum().alias(f"{prefix}_sin"),
        time.count().cast(pl.Int64).alias(f"{prefix}_n"),
    ]


def merge_clock(prefix: str = "clock") -> list[pl.Expr]:
    """Aggregate the parts of ``clock_parts`` into one, same names."""
    return [pl.col(f"{prefix}_{part}").sum() for part in ("cos", "sin", "n")]


def clock_lock(prefix: str = "clock") -> pl.Expr:
    """Return the mean resultant length in [0, 1]: 1 keeps the clock. 0 for fewer than five times: they say nothing."""
    n = pl.col(f"{prefix}_n")
    length = (pl.col(f"{prefix}_cos").cast(pl.Float64) ** 2 + pl.col(f"{prefix}_sin").cast(pl.Float64) ** 2).sqrt()
    return pl.when(n >= 5).then((length / (_SCALE * n)).clip(0.0, 1.0)).otherwise(0.0)  # noqa: PLR2004
