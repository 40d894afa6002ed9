"""What one host tries on one port of everybody, and who answers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import ATTEMPT, ATTEMPT_COLUMNS, FEW, MERGED_ATTEMPT, REQUIRES, USES, attempt, outcome

HOSTS = 512
"""Distinct hosts counted exactly: two of the commonest subnets."""

_code = pl.col("codes")
_SPACE = float(2**64)


class FlowService(WindowFeatures):
    """A row per source, destination port and window, over TCP and UDP flows alike (a name server or a web site is asked over both).

    ``failed`` and ``answered`` count distinct hosts (beyond ``HOSTS`` together: estimated, to 5 %); ``hosts`` are the first and the last
    that failed, as text; the rest as in ``flow_pair``. The partial holds the smallest hashes of hosts, each with its outcome as lowest bit.
    """

    name = "flow_service"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip", "dst_endpoint.port")
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        host, probe = pl.col("dst_endpoint.ip"), pl.col("probe")
        return attempt(outcome(events)).with_columns(
            codes=host.hash() // 2 * 2 + probe.cast(pl.UInt64), failing=pl.when(probe).then(host)
        )

    def partial(self) -> list[pl.Expr]:
        return [_code.unique(), pl.col("failing").min().alias("low"), pl.col("failing").max().alias("high"), *ATTEMPT]

    def merge(self) -> list[pl.Expr]:
        hashes = _code.list.explode(empty_as_null=False).sort().unique(maintain_order=True).head(HOSTS)
        return [hashes, pl.col("low").min(), pl.col("high").max(), *MERGED_ATTEMPT]

    def telling(self) -> pl.Expr:
        return pl.col("probes") >= FEW

    def finish(self) -> list[pl.Expr]:
        held = _code.list.len()
        failed = _code.list.eval(pl.element() & 1).list.sum().cast(pl.Float64)
        beyond = (HOSTS - 1) / HOSTS * _SPACE / _code.list.last().cast(pl.Float64)
        scale = pl.when(held < HOSTS).then(1.0).otherwise(beyond)
        return [
            (failed * scale).alias("failed"),
            ((held - failed) * scale).alias("answered"),
            _ends().alias("hosts"),
            *map(pl.col, ATTEMPT_COLUMNS),
        ]


def _ends() -> pl.Expr:
    """The first and the last host that failed, once where they are one (functions of lists cost a call per row)."""
    low, high, none = pl.col("low"), pl.col("high"), pl.lit([], dtype=pl.List(pl.String))
    one, two = pl.concat_list(low), pl.concat_list(low, high)
    return pl.when(low.is_null()).then(none).when(low == high).then(one).otherwise(two)
