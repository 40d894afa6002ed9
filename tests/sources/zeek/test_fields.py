"""A log's columns come from the fields that are there: none is made up, none is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.errors import SchemaError
from vedette.events.schema import EventClass
from vedette.sources.zeek.fields import LOG_NAME, SEQUENCE, TYPES, UNMAPPED, Log

LOG = Log(
    EventClass.EVENT_LOG,
    fields={"ts": "time", "host": "text", "a": "count", "b": "count"},
    columns={
        "time": pl.col("ts"),
        "src_endpoint.ip": pl.col("host"),
        "message": pl.concat_str("a", "b", separator="+", ignore_nulls=True),
        "log_provider": pl.lit("zeek"),
    },
)
AT = datetime(2026, 1, 2, tzinfo=UTC)


def typed(**values: object) -> pl.DataFrame:
    return pl.DataFrame([pl.Series("ts", [AT], dtype=TYPES["time"]), *(pl.Series(n, [v]) for n, v in values.items())])


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, {}),
        ({"host": "10.0.0.1"}, {"src_endpoint.ip": "10.0.0.1"}),
        ({"a": 1}, {"message": "1"}),  # one of two is enough
        ({"a": 1, "b": 2}, {"message": "1+2"}),
        ({"strange": 1}, {}),
    ],
)
def test_a_column_none_of_whose_fields_is_there_is_absent(fields: dict[str, object], wanted: dict[str, object]) -> None:
    (row,) = LOG.batch(typed(**fields)).frame.to_dicts()
    assert row == {"time": AT, "log_provider": "zeek"} | wanted


def test_place_name_and_the_unmapped_are_kept() -> None:
    frame = LOG.batch(typed(**{SEQUENCE: 7, UNMAPPED: "{}", LOG_NAME: "odd"})).frame
    assert frame.select(SEQUENCE, UNMAPPED, LOG_NAME).row(0) == (7, "{}", "odd")


def test_a_name_has_no_place_in_a_class_without_one() -> None:
    flows = Log(EventClass.NETWORK_ACTIVITY, fields={"ts": "time"}, columns={"time": pl.col("ts")})
    assert flows.batch(typed(**{LOG_NAME: "conn"})).frame.columns == ["time"]


def test_a_row_without_a_time_is_refused() -> None:
    with pytest.raises(SchemaError):
        LOG.batch(typed().with_columns(ts=pl.lit(None, dtype=TYPES["time"])))
