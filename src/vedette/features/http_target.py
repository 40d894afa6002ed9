"""HTTP requests by web site: how many, from whom, how alike, how answered."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.flow_shape import per_second, span_seconds
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_SERVER_ERROR = 500
_COUNTS = ("requests", "unserved")


class HttpTarget(WindowFeatures):
    """A row per web site (host name and server address) and minute; ``unserved``: answered with an error of the server, or not at all.

    A server whose log gives it neither name nor address goes by the name of the log.
    """

    name = "http_target"
    needs = EventClass.HTTP_ACTIVITY
    requires = ("src_endpoint.ip", "http_request.http_method")
    uses = (
        "dst_endpoint.ip",
        "http_request.url.hostname",
        "http_request.url.path",
        "http_request.user_agent",
        "http_response.code",
    )
    keys = ("site", "dst_endpoint.ip")
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        code = pl.col("http_response.code")
        return events.filter(pl.col("http_request.http_method").is_not_null()).with_columns(
            site=pl.coalesce("http_request.url.hostname", "dst_endpoint.ip", "metadata.log_name"),
            failed=code.is_null() | (code >= _SERVER_ERROR),
        )

    def partial(self) -> list[pl.Expr]:
        source = pl.col("src_endpoint.ip")
        return [
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("failed").sum().cast(pl.Int64).alias("unserved"),
            pl.col("time").min().alias("from"),
            pl.col("time").max().alias("until"),
            distinct(source).alias("source_set"),
            distinct(pl.col("http_request.url.path")).alias("path_set"),
            distinct(pl.col("http_request.user_agent")).alias("agent_set"),
            sample(source).alias("sources"),
            sample(pl.col("http_request.url.path"), 2).alias("paths"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("from").min(),
            pl.col("until").max(),
            *(merge_distinct(c) for c in ("source_set", "path_set", "agent_set")),
            merge_sample("sources"),
            merge_sample("paths", 2),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in (*_COUNTS, "sources", "paths")),
            span_seconds("from", "until").alias("span_seconds"),
            per_second("requests", "from", "until").alias("request_rate"),
            count_distinct("source_set").round(0).alias("source_count"),
            count_distinct("path_set").round(0).alias("path_count"),
            count_distinct("agent_set").round(0).alias("agent_count"),
        ]
