"""Long, nearly idle connections to a web service, by target and port."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

WEB_PORTS = (80, 81, 443, 591, 3000, 3128, 5000, 8000, 8008, 8080, 8081, 8088, 8443, 8888, 9000, 9443)
LONG_SECONDS = 15.0
IDLE_BYTES_PER_SECOND = 100.0
HANDSHAKE_BYTES = 1_500
"""What a client may send at first (a request's head, a TLS hello) and still count as idle."""

_IDLE, _MUTE = pl.col("idle"), pl.col("mute")
_COUNTS = ("idle_flows", "mute_flows", "busy_flows", "idle_seconds")


class IdleConnection(WindowFeatures):
    """A row per web service.

    ``idle_flows`` sent next to nothing for long, ``mute_flows`` of them got no answer; ``busy_flows`` are the others.
    """

    name = "idle_connection"
    needs = EventClass.NETWORK_ACTIVITY
    requires = (
        "start_time",
        "src_endpoint.ip",
        "dst_endpoint.ip",
        "dst_endpoint.port",
        "connection_info.protocol_name",
        "vedette.payload_bytes_out",
        "vedette.payload_bytes_in",
    )
    uses = (*shape.COLUMNS, *shape.VOLUME, "app_protocol_name")
    keys = ("dst_endpoint.ip", "dst_endpoint.port")
    windows = (timedelta(minutes=10),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        web = pl.col("dst_endpoint.port").is_in(WEB_PORTS) | (pl.col("app_protocol_name") == "http").fill_null(
            value=False
        )
        sent, got = (pl.col(f"vedette.payload_bytes_{way}").fill_null(0) for way in ("out", "in"))
        seconds = (pl.col("time") - pl.col("start_time")).dt.total_microseconds() / 1e6
        slow = (sent + got - HANDSHAKE_BYTES).clip(lower_bound=0) < IDLE_BYTES_PER_SECOND * seconds
        idle = (seconds >= LONG_SECONDS) & slow & (sent > 0) & ~shape.half_open()
        tcp = pl.col("connection_info.protocol_name") == "tcp"
        return events.filter(tcp & web & ~shape.half_open()).with_columns(
            idle=idle.fill_null(value=False), mute=(idle & (got == 0)).fill_null(value=False), seconds=seconds
        )

    def partial(self) -> list[pl.Expr]:
        return [
            _IDLE.sum().cast(pl.Int64).alias("idle_flows"),
            _MUTE.sum().cast(pl.Int64).alias("mute_flows"),
            (~_IDLE).sum().cast(pl.Int64).alias("busy_flows"),
            pl.col("seconds").filter(_IDLE).round().cast(pl.Int64).sum().alias("idle_seconds"),
            distinct(pl.col("src_endpoint.ip").filter(_IDLE)).alias("source_set"),
            sample(pl.col("src_endpoint.ip").filter(_IDLE)).alias("sources"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in _COUNTS), merge_distinct("source_set"), merge_sample("sources")]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in (*_COUNTS, "sources")),
            count_distinct("source_set").round(0).alias("source_count"),
        ]
