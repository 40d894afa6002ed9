"""Connections that last: an hour and more."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import NOBODY

LONG = timedelta(hours=1)
"""Shorter connections are nobody's concern here."""
ABSURD = timedelta(days=366)
"""Longer ones come from broken clocks."""


class FlowDuration(WindowFeatures):
    """A row per source, destination, port and hour in which a long connection ended.

    ``longest`` is the longest connection (Duration); ``connections`` counts those of ``LONG`` and more; ``app`` is the protocol by payload;
    ``bytes`` what went either way; ``inside`` says that the source is ours, ``across`` that the connection crosses our border.
    """

    name = "flow_duration"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "duration")
    uses = ("app_protocol_name", "connection_info.direction_id", "traffic.bytes_out", "traffic.bytes_in")
    keys = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port")
    windows = (timedelta(hours=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        unit = timedelta(milliseconds=1)
        within = pl.col("duration").is_between(LONG // unit, ABSURD // unit)
        long = events.filter(within).filter(~pl.col("dst_endpoint.ip").str.contains(NOBODY))
        direction = pl.col("connection_info.direction_id")
        return long.with_columns(
            longest=pl.duration(milliseconds="duration"),
            bytes=pl.sum_horizontal("traffic.bytes_out", "traffic.bytes_in"),
            inside=(direction > 1).fill_null(value=False),
            across=(direction <= 2).fill_null(value=True),  # noqa: PLR2004 - OCSF: 1 inbound, 2 outbound
        )

    def partial(self) -> list[pl.Expr]:
        return [pl.len().cast(pl.Int64).alias("connections"), pl.col("app_protocol_name").max().alias("app"), *_BOTH]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("connections").sum(), pl.col("app").max(), *_BOTH]

    def finish(self) -> list[pl.Expr]:
        return [*map(pl.col, ("longest", "connections", "app", "bytes", "inside", "across"))]


_BOTH = [pl.col("longest").max(), pl.col("bytes").sum(), pl.col("inside").any(), pl.col("across").any()]
"""What is aggregated alike from flows and from partials."""
