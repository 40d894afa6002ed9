"""What one host tries on one port of everybody, and who answers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import REQUIRES, USES, outcome
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_PROBE = pl.col("probe")
_HOST = pl.col("dst_endpoint.ip")


class FlowService(WindowFeatures):
    """A row per source, destination port and window, over TCP and UDP flows alike (a name server or a web site is asked over both).

    ``failed`` and ``answered`` count distinct hosts (beyond 128: estimated, to 9 %); ``hosts`` is a sample of those that failed;
    ``probes``, ``kinds``, ``inside``, ``began`` and ``ended`` as in ``flow_pair``.
    """

    name = "flow_service"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip", "dst_endpoint.port")
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return outcome(events)

    def partial(self) -> list[pl.Expr]:
        return [
            distinct(_HOST.filter(_PROBE)).alias("failed"),
            distinct(_HOST.filter(~_PROBE)).alias("answered"),
            sample(_HOST.filter(_PROBE)).alias("hosts"),
            _PROBE.sum().cast(pl.Int64).alias("probes"),
            pl.col("kind").bitwise_or().alias("kinds"),
            pl.col("inside").any(),
            pl.col("start_time").fill_null(pl.col("time")).filter(_PROBE).min().alias("began"),
            pl.col("time").filter(_PROBE).max().alias("ended"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_distinct("failed"),
            merge_distinct("answered"),
            merge_sample("hosts"),
            pl.col("probes").sum(),
            pl.col("kinds").bitwise_or(),
            pl.col("inside").any(),
            pl.col("began").min(),
            pl.col("ended").max(),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            count_distinct("failed"),
            count_distinct("answered"),
            *map(pl.col, ("hosts", "probes", "kinds", "inside", "began", "ended")),
        ]
