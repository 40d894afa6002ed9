"""What one host tries everywhere: hosts, ports, and how they combine."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import ATTEMPT, ATTEMPT_COLUMNS, FEW, MERGED_ATTEMPT, REQUIRES, USES, attempt, outcome
from vedette.features.sketch import count_distinct

PAIRS = 512
"""Distinct pairs of host and port counted exactly; beyond, to 5 %."""

_HASH, _HOST, _PORT = 2**32, 2**17, 2
"""Places of a pair's code: 32 bits of its hash, 15 of its host's, the port (16), and whether it failed (1)."""

_code = pl.col("codes")


class FlowSource(WindowFeatures):
    """A row per source and window, over TCP and UDP flows.

    ``pairs`` and ``answered`` count distinct pairs of host and port that failed and that answered. A uniform sample of the pairs is
    kept (Gibbons, "Distinct sampling for highly-accurate answers to distinct values queries and event reports", VLDB 2001): of those
    that failed in it, ``sampled`` is the number, ``hosts`` and ``ports`` are how many different ones they are made of; up to ``PAIRS``
    pairs that is all of them. ``ends`` are the first and the last host, as text; the rest as in ``flow_pair``.
    """

    name = "flow_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip",)
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        host, port, probe = pl.col("dst_endpoint.ip"), pl.col("dst_endpoint.port"), pl.col("probe")
        name = host.hash()
        places = (name ^ port.hash(seed=1)) // _HASH * _HASH + name % 2**15 * _HOST + port.cast(pl.UInt64) * _PORT
        codes = places + probe.cast(pl.UInt64)
        return attempt(outcome(events)).with_columns(codes=codes, failing=pl.when(probe).then(host))

    def partial(self) -> list[pl.Expr]:
        return [_code.unique(), pl.col("failing").min().alias("low"), pl.col("failing").max().alias("high"), *ATTEMPT]

    def merge(self) -> list[pl.Expr]:
        codes = _code.list.explode(empty_as_null=False).unique().sort().head(PAIRS)
        return [codes, pl.col("low").min(), pl.col("high").max(), *MERGED_ATTEMPT]

    def telling(self) -> pl.Expr:
        return pl.col("probes") >= FEW

    def finish(self) -> list[pl.Expr]:
        held, failed = _code.list.len(), pl.element().filter(pl.element() % _PORT == 1)
        sampled = _code.list.eval(failed).list.len().cast(pl.Float64)
        scale = count_distinct("codes", PAIRS) / held
        return [
            (sampled * scale).alias("pairs"),
            ((held - sampled) * scale).alias("answered"),
            sampled.alias("sampled"),
            _code.list.eval(failed // _HOST % 2**15).list.n_unique().cast(pl.Float64).alias("hosts"),
            _code.list.eval(failed // _PORT % 2**16).list.n_unique().cast(pl.Float64).alias("ports"),
            pl.concat_list("low", "high").list.drop_nulls().list.unique(maintain_order=True).alias("ends"),
            *map(pl.col, ATTEMPT_COLUMNS),
        ]
