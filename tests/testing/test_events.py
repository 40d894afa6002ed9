"""Made-up events stay within the contract they are made for, and repeat by their seed."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START, random_events, random_rows

INTEGERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64]


@pytest.mark.parametrize("kind", EventClass, ids=lambda k: k.name)
def test_every_class_has_every_column_in_order_of_time(kind: EventClass) -> None:
    frame = random_events(kind, 60, seed=3).frame
    assert dict(frame.schema) == dict(SCHEMAS[kind])
    assert frame["time"].is_sorted()
    assert frame["time"].is_between(START, START + timedelta(hours=2)).all()


@pytest.mark.parametrize("kind", EventClass, ids=lambda k: k.name)
def test_no_plain_column_is_all_null_or_all_one(kind: EventClass) -> None:
    frame = random_events(kind).frame
    plain = [c for c, d in frame.schema.items() if not isinstance(d, pl.Struct | pl.List) and c != "unmapped"]
    assert [c for c in plain if frame[c].drop_nulls().n_unique() < 2] == []


def test_a_seed_repeats_and_another_does_not() -> None:
    one, same, other = (random_events(EventClass.NETWORK_ACTIVITY, 50, seed=s).frame for s in (1, 1, 2))
    assert_frame_equal(one, same)
    assert not one.equals(other)


def test_what_begins_does_not_begin_after_its_end() -> None:
    frame = random_events(EventClass.NETWORK_ACTIVITY).frame
    assert (frame["start_time"] <= frame["time"]).all()
    assert frame["metadata.sequence"].to_list() == list(range(400))


def test_narrow_and_empty_events() -> None:
    narrow = random_events(EventClass.NETWORK_ACTIVITY, 5, columns=("time", "src_endpoint.ip")).frame
    assert set(narrow.columns) == {"time", "src_endpoint.ip"}
    assert len(random_events(EventClass.DNS_ACTIVITY, 0)) == 0


def test_rows_are_small_large_zero_and_null_but_never_nan() -> None:
    schema = pl.Schema({"share": pl.Float64(), "n": pl.Int64(), "traffic.bytes_out": pl.Int64(), "yes": pl.Boolean()})
    rows = random_rows(schema)
    assert rows.schema == schema
    assert rows["share"].is_finite().all()
    for name in ("share", "n", "traffic.bytes_out"):
        assert rows[name].null_count()
        assert (rows[name] == 0).any()
        assert (rows[name] > 10_000).any()


@pytest.mark.parametrize("dtype", INTEGERS)
def test_rows_fit_every_width(dtype: type[pl.DataType]) -> None:
    rows = random_rows(pl.Schema({"n": dtype(), "dst_endpoint.port": dtype(), "each": pl.List(dtype)}))
    assert rows["n"].null_count() < 300
    assert rows["n"].n_unique() > 30
