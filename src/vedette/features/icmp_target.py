"""ICMP by target: how many packets, from how many addresses, how many answered."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_COUNTS = ("packets", "answers", "bytes", "outbound")


class IcmpTarget(WindowFeatures):
    """A row per single address that ICMP or ICMPv6 goes to."""

    name = "icmp_target"
    needs = EventClass.NETWORK_ACTIVITY
    requires = shape.REQUIRES
    uses = shape.USES
    keys = ("target",)
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return shape.towards_target(events.filter(pl.col("connection_info.protocol_name").is_in(["icmp", "icmp6"])))

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("sent").sum().alias("packets"),
            pl.col("back").sum().alias("answers"),
            pl.col("sent_bytes").sum().alias("bytes"),
            pl.col("outbound").sum().cast(pl.Int64).alias("outbound"),
            pl.col("begun").min().alias("from"),
            pl.col("time").max().alias("until"),
            distinct(pl.col("peer")).alias("source_set"),
            sample(pl.col("peer")).alias("sources"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("from").min(),
            pl.col("until").max(),
            merge_distinct("source_set"),
            merge_sample("sources"),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in (*_COUNTS, "sources")),
            shape.span_seconds("from", "until").alias("span_seconds"),
            shape.per_second("packets", "from", "until").alias("packet_rate"),
            count_distinct("source_set").round(0).alias("source_count"),
            (pl.col("bytes") / pl.col("packets")).fill_nan(0.0).alias("bytes_per_packet"),
        ]
