from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.errors import SchemaError
from vedette.events.batch import RAW_LIMIT, EventBatch, Rejects
from vedette.events.schema import TIME, EventClass

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _frame(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({"time": [NOW, NOW], **columns}, schema_overrides={"time": TIME})


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (_frame(colour=["red", "blue"]), "colour"),
        (_frame(message=[1, 2]), "message"),
        (_frame(message=["a", "b"]).drop("time"), "no column 'time'"),
        (_frame().with_columns(time=pl.lit(None, dtype=TIME)), "null"),
        (_frame().with_columns(pl.col("time").dt.replace_time_zone(None)), "time"),
    ],
)
def test_what_does_not_fit_the_class_is_refused(frame: pl.DataFrame, says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        EventBatch(EventClass.EVENT_LOG, frame)


def test_an_absent_column_is_null_when_asked_for() -> None:
    batch = EventBatch(EventClass.EVENT_LOG, _frame(message=["a", "b"]))
    got = batch.select(("message", "device.hostname")).collect()
    assert got.rows() == [("a", None), ("b", None)]
    assert batch.missing(("message", "device.hostname")) == ("device.hostname",)


def test_absent_columns_alone_are_as_high_as_the_batch() -> None:
    batch = EventBatch(EventClass.EVENT_LOG, _frame())
    assert batch.select(("message", "device.hostname")).collect().rows() == [(None, None)] * 2
    assert EventBatch(EventClass.EVENT_LOG, _frame().clear()).select(("message",)).collect().height == 0


def test_a_batch_is_named_once() -> None:
    batch = EventBatch(EventClass.EVENT_LOG, _frame()).named("a.log")
    assert batch.named("b.log").frame["metadata.log_name"].to_list() == ["a.log", "a.log"]


def test_rejects_alike_are_one_row_that_counts_them() -> None:
    rejects = Rejects("test")
    for n in range(1_000):
        rejects.add(sequence=n, offset=n * 10, reason="not a record", raw=b"\xff" * 5_000)
    rejects.add(sequence=5, offset=50, reason="too long", count=7)
    batch = rejects.batch()
    assert batch.records == 1_007
    assert batch.frame["status_detail"].to_list() == ["not a record (first at byte 0)", "too long (first at byte 50)"]
    assert len(batch.frame["raw_data"][0]) <= 4 * RAW_LIMIT
    assert not rejects


def test_a_field_without_a_path_keeps_its_own_name() -> None:
    frame = pl.DataFrame({"time": [None], "unmapped.Image": ["a"]}, schema={"time": TIME, "unmapped.Image": pl.String})
    batch = EventBatch(EventClass.REJECT, frame)
    assert batch.select(["unmapped.Image", "unmapped.Other"]).collect().row(0) == ("a", None)
    with pytest.raises(SchemaError, match=r"unmapped\.Image"):
        EventBatch(EventClass.REJECT, frame.with_columns(pl.lit(1).alias("unmapped.Image")))
