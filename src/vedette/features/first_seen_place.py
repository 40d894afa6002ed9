"""Where a host of ours goes in a day, and to which ports."""

from __future__ import annotations

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_pair import DAY
from vedette.features.exfiltration_flow import network
from vedette.features.first_seen_sample import count_drawn, drawn, merge_drawn

KEPT = 24
"""Places, and ports, of a host and day that are looked at: all of a server's or a thing's, a sample of a browser's."""
DYNAMIC = 49_152
"""Ports from here on are given by chance (RFC 6335): that one is new says nothing."""

_OUTBOUND, _UDP = 2, 1 << 16


class FirstSeenPlace(WindowFeatures):
    """A row per inside host and day, of answered TCP and UDP flows to outside.

    ``addresses`` are those it went to, ``places`` their networks (a /24, an IPv6 /48), in the same order; ``ports`` are ports and
    transports, as in ``8081/tcp``. Of more than ``KEPT`` of them it is a sample that the order of the events does not change;
    ``place_count`` and ``port_count`` are how many there were.
    """

    name = "first_seen_place"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "connection_info.protocol_name")
    uses = ("connection_info.direction_id", "traffic.packets_in", "traffic.bytes_in", "vedette.payload_bytes_in")
    keys = ("src_endpoint.ip",)
    windows = (DAY,)
    normal = Normal(DAY, numbers=("place_count", "port_count"), sets=("places", "ports"))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        transport, port = pl.col("connection_info.protocol_name"), pl.col("dst_endpoint.port")
        answered = pl.coalesce("traffic.packets_in", "traffic.bytes_in", "vedette.payload_bytes_in") > 0
        leaves = (pl.col("connection_info.direction_id") == _OUTBOUND) & transport.is_in(("tcp", "udp"))
        low = pl.when(port.is_between(0, DYNAMIC - 1)).then(port)
        return (
            events.filter((leaves & answered.fill_null(value=True)).fill_null(value=False))
            .with_columns(
                code=low + pl.when(transport == "udp").then(_UDP).otherwise(0),
                address_mark=pl.col("dst_endpoint.ip").hash(),
            )
            .with_columns(code_mark=pl.col("code").hash())
        )

    def partial(self) -> list[pl.Expr]:
        return [
            drawn(pl.col("dst_endpoint.ip"), "address_mark", KEPT).alias("addresses"),
            drawn(pl.col("code"), "code_mark", KEPT).alias("codes"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [merge_drawn("addresses", KEPT), merge_drawn("codes", KEPT)]

    def finish(self) -> list[pl.Expr]:
        one = pl.element()
        transport = pl.when(one >= _UDP).then(pl.lit("/udp")).otherwise(pl.lit("/tcp"))
        return [
            pl.col("addresses"),
            pl.col("addresses").list.eval(network(one)).alias("places"),
            pl.col("codes").list.eval((one % _UDP).cast(pl.String) + transport).alias("ports"),
            count_drawn("addresses", KEPT).alias("place_count"),
            count_drawn("codes", KEPT).alias("port_count"),
        ]
