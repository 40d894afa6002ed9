"""Holes in record numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.history import HistoryState
from vedette.features.record_gap import RecordGap
from vedette.testing.rows import rows_of

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _batch(
    records: list[str], log: str = "a.evtx", kind: EventClass = EventClass.EVENT_LOG, first: int = 0
) -> EventBatch:
    channel = "log_name" if kind is EventClass.EVENT_LOG else "unmapped.Channel"
    return EventBatch(
        kind,
        pl.DataFrame(
            {
                "time": [START + timedelta(seconds=first + i) for i in range(len(records))],
                "metadata.log_name": [log] * len(records),
                "metadata.sequence": list(range(first, first + len(records))),
                "metadata.uid": records,
                "device.hostname": ["ws7"] * len(records),
                channel: ["Security"] * len(records),
            },
            schema_overrides={"time": pl.Datetime("us", "UTC")},
        ),
    )


def test_a_hole_and_what_was_known_before_it() -> None:
    rows = rows_of(RecordGap, _batch(["5", "6", "7", "11", "12", "14"]))
    assert rows.select("missing", "seen", "holes").rows() == [(3, 3, 0), (1, 5, 1)]
    assert rows["since"][0] == START + timedelta(seconds=2)


def test_other_classes_of_the_same_log_fill_it() -> None:
    logons = _batch(["6", "7"], kind=EventClass.AUTHENTICATION, first=1)
    rows = rows_of(RecordGap, _batch(["5"]), logons, _batch(["8"], first=4))
    assert rows.height == 0


def test_what_is_no_hole() -> None:
    assert rows_of(RecordGap, _batch(["5", "6", "5", "6", "1", "2", "7"])).height == 0, "read twice, or restarted"
    assert rows_of(RecordGap, _batch(["abc", "-4", "99999999999999999999"])).height == 0
    assert rows_of(RecordGap, _batch(["5"], "a"), _batch(["9"], "b")).height == 0, "two files"


def test_calls_make_no_difference() -> None:
    records = [str(n) for n in (1, 2, 3, 7, 8, 20, 21, 22, 30)]
    whole = rows_of(RecordGap, _batch(records))
    state = HistoryState(RecordGap())
    frames = []
    for i in range(0, len(records), 2):
        state.add(RecordGap.take(_batch(records[i : i + 2], first=i)))
        frames += list(state.advance(START + timedelta(seconds=i + 1)))
    frames += list(state.advance())
    assert pl.concat(frames).rows() == whole.rows()
