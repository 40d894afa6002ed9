"""Calls of cloud interfaces for tables of tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
API = EventClass.API_ACTIVITY


def call(
    operation: str, who: object = "ada", log: object = "cloudtrail", minutes: object = 0.0, **given: object
) -> dict[str, Any]:
    """Return one call; ``given`` are columns with ``__`` in place of points; ``to`` is the name of the resource."""
    row: dict[str, Any] = {
        "time": START + timedelta(minutes=float(str(minutes))),
        "metadata.event_code": operation,
        "metadata.log_provider": log,
        "metadata.log_name": "made",
        "api.operation": operation,
        "actor.user.name": who,
        "src_endpoint.ip": "192.0.2.7",
        "status_id": 1,
        "activity_id": 99,
    }
    if "to" in given:
        row["resources.name"] = [given.pop("to")]
    if "request" in given:
        row["api.request.data"] = given.pop("request")
    return row | {k.replace("__", "."): v for k, v in given.items()}


def calls(rows: Sequence[dict[str, Any]], kind: EventClass = API) -> EventBatch:
    """Return a batch of calls."""
    columns = dict.fromkeys(c for row in rows for c in row)
    schema = {c: SCHEMAS[kind][c] for c in columns}
    frame = pl.DataFrame([{c: row.get(c) for c in columns} for row in rows], schema=schema)
    return EventBatch(
        kind, frame.with_row_index("n").with_columns(pl.col("n").cast(pl.Int64).alias("metadata.sequence")).drop("n")
    )
