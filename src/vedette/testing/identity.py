"""Makes events of identity services for tests: rows with ``at`` (seconds) and attribute paths become a batch of a class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass, dtype_of
from vedette.testing.logons import START


def told(kind: EventClass, rows: Iterable[dict[str, object]]) -> EventBatch:
    """Return a batch of ``kind``; each row has ``at``, seconds after ``logons.START``, and values by attribute path."""
    made: list[dict[str, object]] = []
    for number, row in enumerate(rows):  # a test's few rows
        seconds = row["at"]
        assert isinstance(seconds, int | float)
        event = {k: v for k, v in row.items() if k != "at"}
        event |= {"time": START + timedelta(seconds=seconds), "metadata.log_name": "made", "metadata.sequence": number}
        made.append(event)
    schema = {c: dtype for c in dict.fromkeys(k for e in made for k in e) if (dtype := dtype_of(kind, c)) is not None}
    return EventBatch(kind, pl.DataFrame(made, schema=schema, orient="row"))
