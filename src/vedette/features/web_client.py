"""Connections to web services by client: how many, how alike."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.idle_connection import WEB_PORTS

_COUNTS = ("connections", "got", "got_squared", "unanswered")
_LARGEST = 1_000_000
"""Bytes; more counts as this, so that squares stay whole numbers."""

FEW = 20
"""Connections in a minute, up to which nobody speaks of a flood."""


class WebClient(WindowFeatures):
    """A row per client, server and port of the web: ``got_spread`` is the coefficient of variation of the answers' payload bytes."""

    name = "web_client"
    needs = EventClass.NETWORK_ACTIVITY
    requires = (*shape.REQUIRES, "dst_endpoint.port", "vedette.payload_bytes_in")
    uses = (*shape.USES, "app_protocol_name")
    keys = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port")
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        named = (pl.col("app_protocol_name") == "http").fill_null(value=False)
        web = named | pl.col("dst_endpoint.port").is_in(WEB_PORTS)
        tcp = pl.col("connection_info.protocol_name") == "tcp"
        got = pl.col("vedette.payload_bytes_in").fill_null(0).clip(0, _LARGEST)
        return events.filter(tcp & web & ~shape.half_open()).with_columns(got=got)

    def partial(self) -> list[pl.Expr]:
        got = pl.col("got")
        return [
            pl.len().cast(pl.Int64).alias("connections"),
            got.sum().alias("got"),
            (got**2).sum().alias("got_squared"),
            (got == 0).sum().cast(pl.Int64).alias("unanswered"),
            pl.col("connection_info.direction_id").max().alias("direction"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in _COUNTS), pl.col("direction").max()]

    def telling(self) -> pl.Expr:
        return pl.col("connections") > FEW

    def finish(self) -> list[pl.Expr]:
        n, got = pl.col("connections"), pl.col("got")
        variance = (pl.col("got_squared") / n - (got / n) ** 2).clip(lower_bound=0.0)
        return [
            *(pl.col(c) for c in ("connections", "unanswered", "direction")),
            (got / n).alias("got_mean"),
            (variance.sqrt() / (got / n).clip(lower_bound=200.0)).alias("got_spread"),
        ]
