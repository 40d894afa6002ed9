"""What one host tries everywhere: hosts, ports, and how they combine."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import REQUIRES, USES, outcome
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

SKETCHES = {"pairs": 512, "hosts": 256, "ports": 256, "answered": 256}
"""Column -> distinct values counted exactly; beyond, the error is 1/sqrt of that: 4 % and 6 %."""

_PROBE = pl.col("probe")
_HOST, _PORT = pl.col("dst_endpoint.ip"), pl.col("dst_endpoint.port")


class FlowSource(WindowFeatures):
    """A row per source and window, over TCP and UDP flows.

    Of probes: ``pairs`` counts distinct host and port together, ``hosts`` and ``ports`` either alone; ``answered`` counts the distinct
    pairs that answered; ``sampled`` is a sample of hosts; ``probes``, ``kinds``, ``inside``, ``began`` and ``ended`` as in ``flow_pair``.
    """

    name = "flow_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip",)
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return outcome(events).with_columns(pair=_HOST.hash() ^ _PORT.hash(seed=1))

    def partial(self) -> list[pl.Expr]:
        return [
            distinct(pl.col("pair").filter(_PROBE), SKETCHES["pairs"]).alias("pairs"),
            distinct(_HOST.filter(_PROBE), SKETCHES["hosts"]).alias("hosts"),
            distinct(_PORT.filter(_PROBE), SKETCHES["ports"]).alias("ports"),
            distinct(pl.col("pair").filter(~_PROBE), SKETCHES["answered"]).alias("answered"),
            sample(_HOST.filter(_PROBE)).alias("sampled"),
            _PROBE.sum().cast(pl.Int64).alias("probes"),
            pl.col("kind").bitwise_or().alias("kinds"),
            pl.col("inside").any(),
            pl.col("start_time").fill_null(pl.col("time")).filter(_PROBE).min().alias("began"),
            pl.col("time").filter(_PROBE).max().alias("ended"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(merge_distinct(c, k) for c, k in SKETCHES.items()),
            merge_sample("sampled"),
            pl.col("probes").sum(),
            pl.col("kinds").bitwise_or(),
            pl.col("inside").any(),
            pl.col("began").min(),
            pl.col("ended").max(),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(count_distinct(c, k) for c, k in SKETCHES.items()),
            *map(pl.col, ("sampled", "probes", "kinds", "inside", "began", "ended")),
        ]
