"""UDP by target: datagrams that nobody answered, and the traffic that was."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

FEW = 20
"""Datagrams without an answer in a minute, below which nobody speaks of a flood."""
_ALONE = pl.col("alone")
_COUNTS = ("one_way_flows", "one_way_packets", "one_way_bytes", "answered_flows", "outbound")


class UdpTarget(WindowFeatures):
    """A row per single address that UDP goes to."""

    name = "udp_target"
    needs = EventClass.NETWORK_ACTIVITY
    requires = (*shape.REQUIRES, "traffic.packets_in")
    uses = shape.USES
    keys = ("target",)
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return shape.towards_target(events.filter(pl.col("connection_info.protocol_name") == "udp"))

    def partial(self) -> list[pl.Expr]:
        source, port = pl.col("peer").filter(_ALONE), pl.col("target_port").filter(_ALONE)
        return [
            _ALONE.sum().cast(pl.Int64).alias("one_way_flows"),
            pl.col("sent").filter(_ALONE).sum().alias("one_way_packets"),
            pl.col("sent_bytes").filter(_ALONE).sum().alias("one_way_bytes"),
            (~_ALONE).sum().cast(pl.Int64).alias("answered_flows"),
            (_ALONE & pl.col("outbound")).sum().cast(pl.Int64).alias("outbound"),
            pl.col("begun").filter(_ALONE).min().alias("from"),
            pl.col("time").filter(_ALONE).max().alias("until"),
            distinct(source).alias("source_set"),
            distinct(port).alias("port_set"),
            sample(source).alias("sources"),
            sample(port, 4).alias("ports"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("from").min(),
            pl.col("until").max(),
            merge_distinct("source_set"),
            merge_distinct("port_set"),
            merge_sample("sources"),
            merge_sample("ports", 4),
        ]

    def telling(self) -> pl.Expr:
        return pl.col("one_way_packets") >= FEW

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in (*_COUNTS, "sources", "ports")),
            shape.span_seconds("from", "until").alias("span_seconds"),
            shape.per_second("one_way_packets", "from", "until").alias("packet_rate"),
            count_distinct("source_set").round(0).alias("source_count"),
            count_distinct("port_set").round(0).alias("port_count"),
            (pl.col("one_way_bytes") / pl.col("one_way_packets")).fill_nan(0.0).alias("bytes_per_packet"),
        ]
