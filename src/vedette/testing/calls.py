"""Makes events of remote procedure calls and of SMB for tests: a table of who did what to whom, when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ATTACKER, VICTIM = "10.0.0.66", "10.0.0.5"

_SHORT = {
    "src": "src_endpoint.ip",
    "dst": "dst_endpoint.ip",
    "user": "actor.user.name",
    "words": "vedette.arguments",
    "status": "status_id",
    "detail": "status_detail",
}


def calls(*what: str | dict[str, object]) -> EventBatch:
    """Return calls, one a second: ``interface::operation``, or a row with ``call`` and others by short name or attribute path.

    Example:
        >>> calls("svcctl::CreateServiceW", {"call": "samr::SamrOpenUser", "src": "10.0.0.9", "at": 60}).frame.height
        2
    """
    rows = []
    for entry in what:  # a test's few rows
        row = dict(entry) if isinstance(entry, dict) else {"call": entry}
        interface, _, operation = str(row.pop("call")).partition("::")
        rows.append({"vedette.interface": interface, "vedette.operation": operation, **row})
    return _batch(EventClass.RPC_ACTIVITY, rows)


def files(*what: dict[str, object]) -> EventBatch:
    """Return SMB events, one a second, each a row by attribute path."""
    return _batch(EventClass.SMB_ACTIVITY, what)


def _batch(kind: EventClass, rows: Iterable[dict[str, object]]) -> EventBatch:
    schema, made = SCHEMAS[kind], []
    for number, row in enumerate(rows):
        event = {_SHORT.get(k, k): v for k, v in row.items() if k != "at"}
        at = row.get("at", number)
        assert isinstance(at, int | float)
        event |= {"time": START + timedelta(seconds=at), "metadata.log_name": "calls", "metadata.sequence": number}
        made.append({"src_endpoint.ip": ATTACKER, "dst_endpoint.ip": VICTIM, **event})
    columns = {c: schema[c] for c in schema if any(c in event for event in made)}
    return EventBatch(kind, pl.DataFrame(made, schema=columns, orient="row"))
