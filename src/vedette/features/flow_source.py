"""What one host tries everywhere: hosts, ports, and how they combine."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import ATTEMPT, ATTEMPT_COLUMNS, MERGED_ATTEMPT, REQUIRES, USES, attempt, outcome
from vedette.features.sketch import count_distinct

SKETCHES = {"codes": 512, "hosts": 256, "ports": 256, "sampled": 8}
"""Column of the partial -> how many of its smallest values are kept: counted exactly up to there; beyond, to 4 % and 6 %."""

_HOST, _PORT = pl.col("dst_endpoint.ip"), pl.col("dst_endpoint.port")


class FlowSource(WindowFeatures):
    """A row per source and window, over TCP and UDP flows.

    Of probes: ``pairs`` counts distinct host and port together, ``hosts`` and ``ports`` either alone; ``answered`` counts the distinct
    pairs that answered; ``sampled`` is a sample of hosts; the rest as in ``flow_pair``. The partial's ``codes`` are hashes
    of pairs, each with its outcome as lowest bit.
    """

    name = "flow_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip",)
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        probe, pair = pl.col("probe"), _HOST.hash() ^ _PORT.hash(seed=1)
        return attempt(outcome(events)).with_columns(
            codes=pair // 2 * 2 + probe.cast(pl.UInt64),
            hosts=pl.when(probe).then(_HOST.hash()),
            ports=pl.when(probe).then(_PORT.hash()),
            sampled=pl.when(probe).then(_HOST),
        )

    def partial(self) -> list[pl.Expr]:
        return [*(pl.col(c).unique() for c in SKETCHES), *ATTEMPT]

    def merge(self) -> list[pl.Expr]:
        lists = ((pl.col(c).list.explode(empty_as_null=False), k) for c, k in SKETCHES.items())
        return [*(values.drop_nulls().unique().sort().head(k) for values, k in lists), *MERGED_ATTEMPT]

    def finish(self) -> list[pl.Expr]:
        held = pl.col("codes").list.len()
        failed = pl.col("codes").list.eval(pl.element() & 1).list.sum()
        scale = count_distinct("codes", SKETCHES["codes"]) / held
        return [
            (failed * scale).alias("pairs"),
            ((held - failed) * scale).alias("answered"),
            *(count_distinct(c, SKETCHES[c]).alias(c) for c in ("hosts", "ports")),
            *map(pl.col, ("sampled", *ATTEMPT_COLUMNS)),
        ]
