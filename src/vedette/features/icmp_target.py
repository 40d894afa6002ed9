"""ICMP by target: how many packets, from how many addresses, how many answered."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_COUNTS = ("packets", "answers", "bytes", "outbound")
_OUTBOUND = 2


class IcmpTarget(WindowFeatures):
    """A row per single address that ICMP or ICMPv6 goes to."""

    name = "icmp_target"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name")
    uses = (
        "traffic.packets_out",
        "traffic.packets_in",
        "traffic.bytes_out",
        "connection_info.direction_id",
        "start_time",
    )
    keys = ("dst_endpoint.ip",)
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        icmp = pl.col("connection_info.protocol_name").is_in(["icmp", "icmp6"])
        return events.filter(icmp & shape.to_one_host("dst_endpoint.ip")).with_columns(
            begun=pl.coalesce("start_time", "time")
        )

    def partial(self) -> list[pl.Expr]:
        outbound = pl.col("connection_info.direction_id") == _OUTBOUND
        return [
            pl.col("traffic.packets_out").fill_null(1).sum().alias("packets"),
            pl.col("traffic.packets_in").sum().alias("answers"),
            pl.col("traffic.bytes_out").sum().alias("bytes"),
            outbound.sum().cast(pl.Int64).alias("outbound"),
            pl.col("begun").min().alias("from"),
            pl.col("time").max().alias("until"),
            distinct(pl.col("src_endpoint.ip")).alias("source_set"),
            sample(pl.col("src_endpoint.ip")).alias("sources"),
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
