"""What a host of ours did on the network in an hour, in six numbers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import count_distinct, distinct, merge_distinct

HOUR = timedelta(hours=1)
USUAL = {
    "flows": (60.0, 1.5),
    "hosts": (8.0, 1.0),
    "ports": (3.0, 0.7),
    "failed": (1.0, 1.0),
    "sent": (200_000.0, 2.5),
    "got": (1_000_000.0, 2.5),
}
"""Number -> what a host does in an hour, and the spread of its logarithm: orders of magnitude, until the site is known."""
KEPT = 64
"""Smallest hashes of hosts and ports; with more the count is an estimate, to 13 %: a step of it is far below what is looked for."""

_OUTBOUND = 2
_SILENT = ("S0", "REJ", "RSTOS0", "RSTRH", "SH")
"""Zeek's states of a connection that came to nothing."""
_COUNTS = ("flows", "failed", "sent", "got")


class HostHour(WindowFeatures):
    """A row per inside host and hour in which it began any connection.

    ``flows`` is how many, ``failed`` how many of them came to nothing, ``hosts`` and ``ports`` to how many different destinations and
    destination ports, ``sent`` and ``got`` bytes out and back. Inside is what the source or the operator's networks call so. Answers to
    services of the host are not counted: it did not begin them.
    """

    name = "host_hour"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.direction_id")
    uses = ("dst_endpoint.port", "status_code", "traffic.packets_in", "traffic.bytes_in", "traffic.bytes_out")
    keys = ("src_endpoint.ip",)
    windows = (HOUR,)
    normal = Normal(
        HOUR, numbers=tuple(USUAL), hourly=("flows", "sent"), prior=USUAL, units={"sent": "bytes", "got": "bytes"}
    )

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        back = pl.coalesce("traffic.packets_in", "traffic.bytes_in")
        state = pl.col("status_code")
        return events.filter(pl.col("connection_info.direction_id") >= _OUTBOUND).with_columns(
            failed=pl.coalesce(state.is_in(_SILENT), back == 0).fill_null(value=False)
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.len().cast(pl.Int64).alias("flows"),
            pl.col("failed").sum().cast(pl.Int64),
            pl.col("traffic.bytes_out").sum().alias("sent"),
            pl.col("traffic.bytes_in").sum().alias("got"),
            distinct(pl.col("dst_endpoint.ip"), KEPT).alias("to"),
            distinct(pl.col("dst_endpoint.port"), KEPT).alias("services"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in _COUNTS), merge_distinct("to", KEPT), merge_distinct("services", KEPT)]

    def finish(self) -> list[pl.Expr]:
        return [
            *map(pl.col, _COUNTS),
            count_distinct("to", KEPT).alias("hosts"),
            count_distinct("services", KEPT).alias("ports"),
        ]
