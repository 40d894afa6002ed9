"""Made-up command lines -> rows of a data set of Process Activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random

import polars as pl

from vedette.events.schema import SCHEMAS, EventClass

PARTS = 5
"""Each fifth item is of the same part, so that an evaluation can do with fewer items of every grammar."""
_TIME = pl.Datetime("us", "UTC")
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""Events must have a time; these were at none."""


def made_by(grammars: Mapping[str, Callable[[Random], str]], each: int, seed: int, label: str) -> pl.DataFrame:
    """Return ``each`` lines of every grammar (fewer where it repeats itself); a grammar is a group, and a corpus of its own."""
    lines, groups = [], []
    for name, grammar in grammars.items():
        rng = Random(f"{seed} {name}")  # noqa: S311 - the same lines every time
        lines += [grammar(rng) for _ in range(each)]
        groups += [name] * each
    column = pl.Series("process.cmd_line", lines, dtype=SCHEMAS[EventClass.PROCESS_ACTIVITY]["process.cmd_line"])
    frame = pl.DataFrame([column, pl.Series("@group", groups, dtype=pl.String)]).unique(
        "process.cmd_line", keep="first", maintain_order=True
    )
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    return frame.with_columns(
        pl.lit(_NEVER).cast(_TIME).alias("time"),
        pl.lit(label).alias("@label"),
        (pl.lit("made_") + pl.col("@group")).alias("@corpus"),
        pl.lit(None, dtype=_TIME).alias("@time"),
        number.alias("metadata.sequence"),
        (number % PARTS).cast(pl.String).alias("@part"),
    )
