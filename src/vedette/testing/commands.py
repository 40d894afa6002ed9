"""Makes process, account and log events for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass, dtype_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def commands(lines: Sequence[str], *, by: str | None = "alice", becomes: str | None = "root") -> EventBatch:
    """Return a PROCESS_ACTIVITY event for each command line, ten seconds apart, as sudo would log it."""
    return _events(
        EventClass.PROCESS_ACTIVITY,
        len(lines),
        {"process.cmd_line": list(lines), "actor.user.name": by, "process.user.name": becomes},
    )


def account_changes(rows: Sequence[tuple[int, str, str]]) -> EventBatch:
    """Return an ACCOUNT_CHANGE event for each (activity_id, user name, message)."""
    activity, user, message = (list(column) for column in zip(*rows, strict=True))
    return _events(
        EventClass.ACCOUNT_CHANGE,
        len(rows),
        {"activity_id": activity, "user.name": user, "message": message, "status_id": 1},
    )


def messages(lines: Sequence[str]) -> EventBatch:
    """Return an EVENT_LOG event for each message."""
    return _events(EventClass.EVENT_LOG, len(lines), {"message": list(lines)})


def happened(kind: EventClass, *rows: Mapping[str, object]) -> EventBatch:
    """Return an event of a class for each row of values, ten seconds apart, on the host ``ws1`` unless a row says otherwise."""
    columns = dict.fromkeys(name for row in rows for name in row)
    made: dict[str, object] = {name: [row.get(name) for row in rows] for name in columns}
    return _events(kind, len(rows), {"device.hostname": "ws1", **made})


def _events(kind: EventClass, n: int, columns: dict[str, object]) -> EventBatch:
    made = {"device.hostname": "web1", "metadata.log_name": "auth.log", **columns}
    made |= {"time": [START + timedelta(seconds=10 * i) for i in range(n)], "metadata.sequence": list(range(n))}
    each = {name: value if isinstance(value, list) else [value] * n for name, value in made.items()}
    return EventBatch(kind, pl.DataFrame([pl.Series(c, v, dtype=dtype_of(kind, c)) for c, v in each.items()]))
