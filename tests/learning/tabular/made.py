"""Makes tables of connections: normal rows lie along a line and use two words, attacks lie off it or use a third."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from vedette.learning.tabular.table import NORMAL, Table

KINDS = ("flood", "scan", "guess", "worm", "theft")


def made(normal: int = 600, attacks: int = 60, seed: int = 0) -> Table:
    """Return ``normal`` rows and ``attacks`` of each of ``KINDS``."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, normal)
    rows = [np.column_stack([x, 2 * x + rng.normal(0, 0.1, normal), rng.random(normal)])]
    words = [rng.choice(["http", "dns"], normal)]
    kinds = [np.full(normal, NORMAL)]
    for k, name in enumerate(KINDS):
        y = rng.normal(0, 1, attacks)
        rows.append(np.column_stack([y, -2 * y + k + 1.5, rng.random(attacks)]))
        words.append(np.full(attacks, "odd" if k % 2 else "http"))
        kinds.append(np.full(attacks, name))
    kind = np.concatenate(kinds)
    return Table(np.concatenate(rows), np.concatenate(words)[:, None], kind, about(len(kind)))


def about(count: int) -> pl.DataFrame:
    """Return hosts and times for rows: ten hosts, a row a minute, three days in turn."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    at = [start + timedelta(days=n % 3, minutes=n) for n in range(count)]
    return pl.DataFrame(
        {
            "source": [f"h{n % 10}" for n in range(count)],
            "target": ["server"] * count,
            "time": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
            "day": [str(n % 3) for n in range(count)],
        }
    )
