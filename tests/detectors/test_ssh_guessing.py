from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.detectors.ssh_guessing import SshGuessing
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import Severity
from vedette.testing.rows import hits_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SCHEMA = SCHEMAS[EventClass.SSH_ACTIVITY]


def _ssh(n: int, *, every: float, status: int | None = 2, hosts: int = 1, at: float = 0.0) -> EventBatch:
    """Connections of one source to ``hosts`` in turn; status 1: let in, 2: failed."""
    columns: dict[str, list[object]] = {
        "time": [START + timedelta(seconds=at + i * every) for i in range(n)],
        "src_endpoint.ip": ["203.0.113.9"] * n,
        "dst_endpoint.ip": [f"10.0.0.{i % hosts}" for i in range(n)],
        "status_id": [status] * n,
        "vedette.auth_attempts": [3] * n,
        "metadata.log_name": ["ssh.log"] * n,
        "metadata.sequence": list(range(n)),
    }
    return EventBatch(
        EventClass.SSH_ACTIVITY, pl.DataFrame([pl.Series(c, v, dtype=SCHEMA[c]) for c, v in columns.items()])
    )


CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "a dictionary": ((_ssh(80, every=2.7),), True),
    "host after host": ((_ssh(60, every=11.3, hosts=60),), True),
    "mistyped twice, then in": ((_ssh(2, every=20.0), _ssh(3, every=500.0, status=1, at=60.0)), False),
    "a job with an old key": ((_ssh(120, every=30.0),), False),
    "automation that works": ((_ssh(600, every=3.1, status=1), _ssh(20, every=70.0)), False),
    "outcome unknown": ((_ssh(300, every=1.0, status=None),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(SshGuessing, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_is_worse_when_a_logon_follows() -> None:
    hits = hits_of(SshGuessing, _ssh(80, every=2.7), _ssh(1, every=1.0, status=1, at=230.0))
    assert max(hits["severity"]) == Severity.HIGH
