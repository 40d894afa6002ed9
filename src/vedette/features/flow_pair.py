"""What one host tries on another: its ports, and whether they answer."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import REQUIRES, USES, outcome
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

PORTS = 1024
"""Distinct ports counted exactly: the well-known ones, a usual scan."""

_PROBE = pl.col("probe")
_PORT = pl.col("dst_endpoint.port")


class FlowPair(WindowFeatures):
    """A row per source, destination and window, over TCP and UDP flows.

    ``failed`` and ``answered`` count distinct ports (beyond ``PORTS``: estimated, to 3 %); ``probes`` counts flows without an answer,
    ``packets`` and ``bytes`` what they sent; ``kinds`` are bits of ``contact.KINDS``; ``began`` and ``ended``
    are the first and the last probe.
    """

    name = "flow_pair"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip", "dst_endpoint.ip")
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return outcome(events)

    def partial(self) -> list[pl.Expr]:
        return [
            distinct(_PORT.filter(_PROBE), PORTS).alias("failed"),
            distinct(_PORT.filter(~_PROBE), PORTS).alias("answered"),
            sample(_PORT.filter(_PROBE)).alias("ports"),
            _PROBE.sum().cast(pl.Int64).alias("probes"),
            pl.col("traffic.packets_out").filter(_PROBE).sum().alias("packets"),
            pl.col("traffic.bytes_out").filter(_PROBE).sum().alias("bytes"),
            pl.col("kind").bitwise_or().alias("kinds"),
            pl.col("inside").any(),
            pl.col("start_time").fill_null(pl.col("time")).filter(_PROBE).min().alias("began"),
            pl.col("time").filter(_PROBE).max().alias("ended"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_distinct("failed", PORTS),
            merge_distinct("answered", PORTS),
            merge_sample("ports"),
            *(pl.col(c).sum() for c in ("probes", "packets", "bytes")),
            pl.col("kinds").bitwise_or(),
            pl.col("inside").any(),
            pl.col("began").min(),
            pl.col("ended").max(),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            count_distinct("failed", PORTS),
            count_distinct("answered", PORTS),
            *map(pl.col, ("ports", "probes", "packets", "bytes", "kinds", "inside", "began", "ended")),
        ]
