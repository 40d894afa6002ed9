"""Labelled events as evidence: the same feature set and the same ``encode`` that score live events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.abc import EventFeatures, Learned
from vedette.events.batch import EventBatch
from vedette.events.schema import TIME, EventClass
from vedette.learning.fit import stacked, taken
from vedette.scoring.additive import Block

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the time of an item of which none is known: an event has one."""
CHUNK = 4096
"""Items that are encoded at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """n labelled items.

    Attributes:
        known: (n,) rows with ``@label``, ``@group``, ``@corpus``, ``@time``.
        rows: (n,) rows of the feature set, in the same order.
        blocks: the evidence of the n items.
        malicious: (n,) the label as a detector's question.
    """

    known: pl.DataFrame
    rows: pl.DataFrame
    blocks: list[Block]
    malicious: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return self.known.height

    def take(self, which: npt.NDArray[np.int64]) -> Items:
        """Return some of the items, in the order of ``which``."""
        return Items(self.known[which], self.rows[which], [taken(b, which) for b in self.blocks], self.malicious[which])


def encoded(detector: type[Learned], kind: EventClass, events: pl.DataFrame, malicious: Sequence[str]) -> Items:
    """Return the items of labelled events; those that the feature set passes over are left out.

    Args:
        detector: whose question it is.
        kind: their class.
        events: columns of ``kind`` and what is known about it, ``@...``.
        malicious: the labels that the detector looks for; all others are benign.
    """
    made = detector.needs()
    assert isinstance(made, EventFeatures)  # noqa: S101 - for the reader of types
    time = pl.col("time").fill_null(UNKNOWN_TIME) if "time" in events.columns else pl.lit(UNKNOWN_TIME)
    numbered = events.with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"), time.cast(TIME).alias("time")
    )
    about = [c for c in numbered.columns if c.startswith("@")]
    rows = made.compute(made.take(EventBatch(kind, numbered.drop(about)))).collect()
    known = numbered.select(about)[rows["metadata.sequence"]]
    batches = [detector.encode(chunk) for chunk in rows.iter_slices(CHUNK)] or [detector.encode(rows)]
    return Items(known, rows, stacked(batches), known["@label"].is_in(malicious).to_numpy())
