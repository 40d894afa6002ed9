"""TCP by target: half-open and completed connections, SYN-ACKs nobody asked for, packets of no connection."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_HALF_OPEN, _SYN_ACK, _STRAY, _COMPLETED, _OTHER = range(5)
FEW = 8
"""Packets that belong to no connection, below which nobody speaks of a flood."""
_RETRIES = 7  # packets of one unanswered SYN and its retransmissions (RFC 9293; Linux sends one and six)
_ODD = pl.col("shape") <= _STRAY
_COUNTS = (
    "half_open",
    "syn_ack",
    "stray",
    "completed",
    "outbound",
    "half_open_packets",
    "odd_packets",
    "syn_ack_packets",
    "other_packets",
)


class TcpTarget(WindowFeatures):
    """A row per address that TCP connections go to: never per source, since the sources of a flood may be forged."""

    name = "tcp_target"
    needs = EventClass.NETWORK_ACTIVITY
    requires = shape.REQUIRES
    uses = shape.USES
    keys = ("target",)
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        kind = pl.when(shape.half_open()).then(_HALF_OPEN).when(shape.unsolicited_syn_ack()).then(_SYN_ACK)
        kind = kind.when(shape.completed()).then(_COMPLETED).when(shape.stray()).then(_STRAY).otherwise(_OTHER)  # type: ignore[assignment]
        events = events.filter(pl.col("connection_info.protocol_name") == "tcp").with_columns(shape=kind)
        served = pl.when(pl.col("shape") == _SYN_ACK).then("peer_port").otherwise("target_port")
        return shape.towards_target(events).with_columns(port=served)

    def partial(self) -> list[pl.Expr]:
        kind, packets = pl.col("shape"), pl.col("sent")
        extra = packets - (_RETRIES - 1)  # a flow of one source and port may hold many SYNs
        return [
            *((kind == number).sum().cast(pl.Int64).alias(_COUNTS[number]) for number in range(_OTHER)),
            (_ODD & pl.col("outbound")).sum().cast(pl.Int64).alias("outbound"),
            extra.clip(lower_bound=1).filter(kind == _HALF_OPEN).sum().alias("half_open_packets"),
            packets.filter(_ODD).sum().alias("odd_packets"),
            pl.col("sent_in_all").filter(kind == _SYN_ACK).sum().alias("syn_ack_packets"),
            pl.col("sent_in_all").filter(_ODD & (kind != _SYN_ACK)).sum().alias("other_packets"),
            pl.col("sent_in_all").filter(kind == _SYN_ACK).max().fill_null(0).alias("repeated"),
            pl.col("begun").filter(_ODD).min().alias("odd_from"),
            pl.col("time").filter(_ODD).max().alias("odd_until"),
            distinct(pl.col("peer").filter(_ODD)).alias("odd_peers"),
            distinct(pl.col("port").filter(_ODD)).alias("odd_ports"),
            sample(pl.col("peer").filter(_ODD)).alias("peers"),
            pl.col("port").filter(_ODD).min().alias("lowest_port"),
            pl.col("port").filter(_ODD).max().alias("highest_port"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("repeated").max(),
            pl.col("odd_from").min(),
            pl.col("odd_until").max(),
            merge_distinct("odd_peers"),
            merge_distinct("odd_ports"),
            merge_sample("peers"),
            pl.col("lowest_port").min(),
            pl.col("highest_port").max(),
        ]

    def telling(self) -> pl.Expr:
        return (pl.col("odd_packets") >= FEW) | (pl.col("repeated") >= FEW)

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in (*_COUNTS, "repeated", "peers", "lowest_port", "highest_port")),
            shape.span_seconds("odd_from", "odd_until").alias("span_seconds"),
            shape.per_second("half_open_packets", "odd_from", "odd_until").alias("half_open_rate"),
            shape.per_second("odd_packets", "odd_from", "odd_until").alias("odd_rate"),
            count_distinct("odd_peers").round(0).alias("peer_count"),
            count_distinct("odd_ports").round(0).alias("port_count"),
        ]
