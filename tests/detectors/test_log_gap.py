"""When a hole is worth a word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.log_gap import LogGap
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass


def _row(missing: int, seen: int, holes: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "time": [datetime(2026, 3, 2, 9, tzinfo=UTC)],
            "since": [datetime(2026, 3, 2, 8, tzinfo=UTC)],
            "device.hostname": ["ws7"],
            "log_name": ["Security"],
            "missing": [missing],
            "seen": [seen],
            "holes": [holes],
        }
    )


@pytest.mark.parametrize(
    ("missing", "seen", "holes", "found"),
    [
        (1, 5_000, 0, True),
        (40, 5_000, 2, True),
        (1, 50, 0, False),
        (1, 5_000, 900, False),
        (90_000, 300, 0, False),
    ],
)
def test_what_is_found(missing: int, seen: int, holes: int, found: bool) -> None:
    assert (LogGap().score(_row(missing, seen, holes))[0] >= LogGap.threshold) is found


def test_in_the_engine() -> None:
    records = [n for n in range(1, 700) if n != 500]
    columns = {
        "time": [datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=n) for n in records],
        "metadata.sequence": list(range(len(records))),
        "metadata.uid": [str(n) for n in records],
        "device.hostname": ["ws7"] * len(records),
        "log_name": ["Security"] * len(records),
    }
    kind = EventClass.EVENT_LOG
    engine = Engine(Config(), [LogGap])
    engine.feed(EventBatch(kind, pl.DataFrame(columns, schema={c: SCHEMAS[kind][c] for c in columns})), "a.evtx")
    outcome = engine.close()
    engine.spool.close()
    assert not outcome.idle
    (found,) = outcome.findings
    assert not found.alert
    assert "lacks 1 record between" in found.summary


def test_words() -> None:
    said = LogGap().summaries(_row(1, 900, 0))[0]
    assert said == "The log Security of ws7 lacks 1 record between 02 March 2026, 08:00:00 and 09:00:00."
