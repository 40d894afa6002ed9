"""What one host tries on another: its ports, and whether they answer."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import ATTEMPT, ATTEMPT_COLUMNS, FEW, MERGED_ATTEMPT, REQUIRES, USES, attempt, outcome

PORTS = 1024
"""Distinct ports counted exactly: a usual scan."""

COMMON = (
    1433,
    1521,
    3128,
    3306,
    3389,
    5060,
    5061,
    5222,
    5223,
    5228,
    5432,
    6379,
    8000,
    8008,
    8080,
    8081,
    8443,
    8888,
    9100,
    9443,
)
"""Services above the well-known ports. Where those answer, it says nothing about a scan, and most traffic is left out."""

_WELL_KNOWN = 1024
_SPACE = 65_536
_SCATTER, _GATHER = 40_503, 30_599
"""Odd factors, inverse modulo 65,536; the first is near the golden ratio, so that runs of ports scatter evenly (Knuth, TAOCP 6.4)."""

_code = pl.col("codes")


class FlowPair(WindowFeatures):
    """A row per source, destination and window, over TCP and UDP flows; answered flows to common services do not count.

    ``failed`` and ``answered`` count distinct ports (beyond ``PORTS``: estimated, to 3 %); ``ports`` is a sample of those that failed;
    ``probes`` counts flows that failed, ``packets`` and ``bytes`` what they sent; ``kinds`` are bits of ``contact.KINDS``; ``inside`` says
    that the source is ours; ``began`` and ``ended`` are the first and the last probe.

    The partial holds the smallest scattered ports (K minimum values, as in ``sketch``), each with its outcome as lowest bit.
    """

    name = "flow_pair"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip", "dst_endpoint.ip")
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        port = pl.col("dst_endpoint.port")
        telling = outcome(events).filter(pl.col("probe") | ((port >= _WELL_KNOWN) & ~port.is_in(COMMON)))
        scattered = port.cast(pl.UInt32) * _SCATTER % _SPACE
        return attempt(telling).with_columns(codes=scattered * 2 + pl.col("probe").cast(pl.UInt32))

    def partial(self) -> list[pl.Expr]:
        return [_code.unique(), *ATTEMPT]

    def merge(self) -> list[pl.Expr]:
        return [_code.list.explode(empty_as_null=False).unique().sort().head(PORTS), *MERGED_ATTEMPT]

    def telling(self) -> pl.Expr:
        return pl.col("probes") >= FEW

    def finish(self) -> list[pl.Expr]:
        held, element = _code.list.len(), pl.element()
        failed = _code.list.eval(element & 1).list.sum().cast(pl.Float64)
        beyond = (PORTS - 1) / PORTS * _SPACE / (_code.list.last() // 2 + 1)
        scale = pl.when(held < PORTS).then(1.0).otherwise(beyond)
        ports = _code.list.eval(
            (element.filter(element & 1 == 1) // 2 * _GATHER % _SPACE).head(8).sort().cast(pl.Int32)
        )
        return [
            (failed * scale).alias("failed"),
            ((held - failed) * scale).alias("answered"),
            ports.alias("ports"),
            *map(pl.col, ATTEMPT_COLUMNS),
        ]
