"""Gives names in events a label that a generator made; the suffix stays."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import polars as pl

from vedette.trust.evasions.domain_generators import Generator

FAMILY = 50
"""Names that one generator makes before the next is drawn."""


def renamed(events: pl.DataFrame, column: str, kind: Callable[[Random], Generator], rng: Random) -> pl.DataFrame:
    """Return the events with other names in ``column``: the first label of each is made anew (a loop over events: tests and training)."""
    names, made = [], kind(rng)
    for k, name in enumerate(events[column].to_list()):
        if k % FAMILY == 0:
            made = kind(rng)
        names.append(None if name is None else made() + "." + name.partition(".")[2])
    return events.with_columns(pl.Series(column, names, dtype=pl.String))
