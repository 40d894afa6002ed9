"""What one host tries everywhere: hosts, ports, and how they combine."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import ATTEMPT, ATTEMPT_COLUMNS, MERGED_ATTEMPT, REQUIRES, USES, attempt, outcome
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

SKETCHES = {"pairs": 512, "hosts": 256, "ports": 256, "answered": 256}
"""Column -> distinct values counted exactly; beyond, the error is 1/sqrt of that: 4 % and 6 %."""

_HOST, _PORT = pl.col("dst_endpoint.ip"), pl.col("dst_endpoint.port")


class FlowSource(WindowFeatures):
    """A row per source and window, over TCP and UDP flows.

    Of probes: ``pairs`` counts distinct host and port together, ``hosts`` and ``ports`` either alone; ``answered`` counts the distinct
    pairs that answered; ``sampled`` is a sample of hosts; the rest as in ``flow_pair``.
    """

    name = "flow_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip",)
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        pair, probe = _HOST.hash() ^ _PORT.hash(seed=1), pl.col("probe")
        return attempt(outcome(events)).with_columns(
            pairs=pl.when(probe).then(pair),
            hosts=pl.when(probe).then(_HOST.hash()),
            ports=pl.when(probe).then(_PORT),
            answered=pl.when(~probe).then(pair),
            sampled=pl.when(probe).then(_HOST),
        )

    def partial(self) -> list[pl.Expr]:
        return [*(distinct(pl.col(c), k) for c, k in SKETCHES.items()), sample(pl.col("sampled")), *ATTEMPT]

    def merge(self) -> list[pl.Expr]:
        return [*(merge_distinct(c, k) for c, k in SKETCHES.items()), merge_sample("sampled"), *MERGED_ATTEMPT]

    def finish(self) -> list[pl.Expr]:
        return [*(count_distinct(c, k) for c, k in SKETCHES.items()), *map(pl.col, ("sampled", *ATTEMPT_COLUMNS))]
