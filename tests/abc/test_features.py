from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

import polars as pl
import pytest

from vedette.abc import EventFeatures
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, TIME, EventClass

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


class Lines(EventFeatures):
    """Lines of a log, and addresses of a list as if they were lines."""

    name = "lines"
    needs = EventClass.EVENT_LOG
    requires: ClassVar[tuple[str, ...]] = ("message",)
    uses: ClassVar[tuple[str, ...]] = ("device.hostname",)
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {
        EventClass.OSINT_INVENTORY_INFO: {"message": pl.col("osint.value").list.first()}
    }

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.with_columns(length=pl.col("message").str.len_chars().cast(pl.Float64))


def test_what_lacks_a_required_column_is_passed_over() -> None:
    frame = pl.DataFrame({"time": [WHEN] * 2, "message": ["a", None]}, schema={"time": TIME, "message": pl.String})
    taken = Lines.take(EventBatch(EventClass.EVENT_LOG, frame)).collect()
    assert taken["message"].to_list() == ["a"]
    assert taken.columns == list(Lines.columns())
    assert Lines.take(EventBatch(EventClass.EVENT_LOG, frame.drop("message"))).collect().height == 0


def test_another_class_is_read_under_the_names_of_the_one_it_needs() -> None:
    schema = {c: SCHEMAS[EventClass.OSINT_INVENTORY_INFO][c] for c in ("time", "metadata.sequence", "osint.value")}
    frame = pl.DataFrame({"time": [WHEN] * 2, "metadata.sequence": [4, 5], "osint.value": [["x"], None]}, schema=schema)
    taken = Lines.take(EventBatch(EventClass.OSINT_INVENTORY_INFO, frame)).collect()
    assert taken.select("message", "metadata.sequence", "device.hostname").rows() == [("x", 4, None)]
    assert taken.schema == Lines.empty().collect_schema()


def test_the_classes_it_reads_begin_with_its_own() -> None:
    assert Lines.kinds() == (EventClass.EVENT_LOG, EventClass.OSINT_INVENTORY_INFO)


def test_a_set_may_read_open_columns_and_none_that_its_class_has_not() -> None:
    class Open(EventFeatures):
        name = "open"
        needs = EventClass.AUTHENTICATION
        requires = ()
        uses = ("unmapped.KeyLength",)

        def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
            return events

    class Misspelt(Open):
        uses = ("user.nmae",)

    assert Open().schema()["unmapped.KeyLength"] == pl.String
    with pytest.raises(KeyError, match=r"AUTHENTICATION has no 'user\.nmae'"):
        Misspelt().schema()
