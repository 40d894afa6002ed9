"""Makes authentication events for tests: a table of who tried what, when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning, at the start of an hour."""


_SHORT = {
    "user": "user.name",
    "source": "src_endpoint.ip",
    "source_name": "src_endpoint.hostname",
    "host": "device.hostname",
    "service": "service.name",
    "actor": "actor.user.name",
}


def logons(rows: Iterable[dict[str, object]]) -> EventBatch:
    """Return AUTHENTICATION events of rows with ``at`` (seconds after ``START``), ``user``, ``ok``, and optionally ``source`` and others.

    Keys with a dot are attribute paths; ``ok`` sets ``status_id``.
    """
    schema = SCHEMAS[EventClass.AUTHENTICATION]
    made: list[dict[str, object]] = []
    for number, row in enumerate(rows):  # a test's few rows
        event: dict[str, object] = {_SHORT.get(k, k): v for k, v in row.items() if k not in ("at", "ok")}
        event.setdefault("device.hostname", "web1")
        event.setdefault("service.name", "sshd")
        seconds = row["at"]
        assert isinstance(seconds, int | float)
        event.setdefault("activity_id", 1)
        event |= {"time": START + timedelta(seconds=seconds), "status_id": 1 if row["ok"] else 2}
        event |= {"metadata.log_name": "auth.log", "metadata.sequence": number}
        made.append(event)
    columns = {c: schema[c] for c in schema if any(c in event for event in made)}
    columns |= {c: pl.String for event in made for c in event if c.startswith("unmapped.")}
    return EventBatch(EventClass.AUTHENTICATION, pl.DataFrame(made, schema=columns, orient="row"))


def tries(
    n: int, *, every: float, users: Sequence[str] = ("root",), ok: bool = False, start: float = 0.0, **also: object
) -> list[dict[str, object]]:
    """Return ``n`` logons, one each ``every`` seconds, on ``users`` in turn."""
    return [{"at": start + i * every, "user": users[i % len(users)], "ok": ok, **also} for i in range(n)]
