"""Messages as batches of Email Activity, for tables in tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

TIME = datetime(2026, 1, 5, tzinfo=UTC)


def mails(*columns: Mapping[str, object]) -> EventBatch:
    """Return a message for each mapping of column -> value; what it does not name is null."""
    kind = EventClass.EMAIL_ACTIVITY
    rows = [{"time": TIME, "metadata.sequence": i, "metadata.log_name": "inbox", **c} for i, c in enumerate(columns)]
    return EventBatch(kind, pl.DataFrame(rows, schema_overrides=SCHEMAS[kind], infer_schema_length=None))
