"""Every law of feature sets can fail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import polars as pl
import pytest

from vedette.abc import EventFeatures, FeatureSet, History, HistoryFeatures, Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.testing.laws import broken


class Bytes(WindowFeatures):
    """Bytes sent per source."""

    name = "bytes_sent"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip", "traffic.bytes_out")
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows: ClassVar[tuple[timedelta, ...]] = (timedelta(minutes=10), timedelta(hours=1))

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sum().alias("bytes")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sum()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("bytes").cast(pl.Float64)]


class Empty(Bytes):
    """Filters everything away."""

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.filter(pl.lit(value=False))


class Undeclared(Bytes):
    """Reads a column that it does not declare."""

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.filter(pl.col("dst_endpoint.port") > 0)


class Renaming(Bytes):
    """Writes a key of its own into the event's."""

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.with_columns(pl.lit("10.0.0.1").alias("src_endpoint.ip"))


class Ordered(Bytes):
    """Takes the first value it sees."""

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").first().alias("bytes")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").first()]


class NotAssociative(Bytes):
    """Takes means of means."""

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sort().mean().alias("bytes")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sort().mean()]


class Prophet(EventFeatures):
    """Looks at the next event."""

    name = "prophet"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return events.sort("time", "metadata.sequence").with_columns(ahead=pl.col("time").max())


class _Count(History):
    """How many events there were; a stop makes it forget them."""

    def __init__(self) -> None:
        self.seen = 0

    def judge(self, events: pl.DataFrame) -> pl.DataFrame:
        before, self.seen = self.seen, self.seen + events.height
        return events.with_columns(before=before + pl.int_range(pl.len(), dtype=pl.Int64))

    def dump(self) -> dict[str, pl.DataFrame]:
        return {}

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        pass


class Forgetful(HistoryFeatures):
    """Counts, until it is stopped."""

    name = "forgetful"
    needs = EventClass.NETWORK_ACTIVITY
    requires: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)

    def history(self) -> History:
        return _Count()


class Frozen(Bytes):
    """Never changes its version."""

    version = "1"


class Baseless(Bytes):
    """Learns the hours of what it does not learn."""

    normal = Normal(timedelta(hours=1), numbers=("bytes",), hourly=("bytes",), prior={"flows": (1.0, 1.0)})


@pytest.mark.parametrize(
    ("features", "breaks"),
    [
        (Bytes, set()),
        (Empty, {"makes_rows"}),
        (Undeclared, {"makes_rows", "reads_only_what_it_declares"}),
        (Renaming, {"keeps_the_events_own_keys"}),
        (Ordered, {"does_not_care_about_order"}),
        (NotAssociative, {"is_the_same_over_any_split"}),
        (Forgetful, {"goes_on_after_a_stop"}),
        (Prophet, {"does_not_look_ahead"}),
        (Baseless, {"declares_a_baseline_of_its_own_columns"}),
        (Frozen, {"changes_version_with_its_columns"}),
    ],
)
def test_each_law_can_fail(features: type[FeatureSet], breaks: set[str]) -> None:
    assert breaks <= broken(features)
    if not breaks:
        assert not broken(features)
