from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.ssh_source import SshSource
from vedette.testing.rows import rows_of

SCHEMA = SCHEMAS[EventClass.SSH_ACTIVITY]


def test_counts_by_outcome() -> None:
    columns: dict[str, list[Any]] = {
        "time": [datetime(2026, 3, 2, 8, 0, s, tzinfo=UTC) for s in range(4)],
        "src_endpoint.ip": ["203.0.113.9"] * 4,
        "dst_endpoint.ip": ["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3"],
        "status_id": [2, 2, 1, None],
        "vedette.auth_attempts": [3, None, 1, 1],
    }
    frame = pl.DataFrame([pl.Series(c, v, dtype=SCHEMA[c]) for c, v in columns.items()])
    row = rows_of(SshSource, EventBatch(EventClass.SSH_ACTIVITY, frame)).row(0, named=True)
    assert (row["failures"], row["successes"], row["tries"]) == (2, 1, 4)
    assert (row["hosts_failed"], row["hosts_let_in"], row["in_after_failure"]) == (2, 1, True)
