"""What a client's questions below one registered domain could carry in a day, and how slowly they came."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal
from vedette.features.dns_tunnel import DnsTunnel

DAY = timedelta(days=1)
PARTS = 6
"""Parts of a day whose questions are counted."""

_counts = tuple(f"part{k}" for k in range(PARTS))


class DnsTunnelDay(DnsTunnel):
    """The rows of ``dns_tunnel`` for whole days.

    ``busiest`` is the count of questions in the busiest four hours, ``parts`` the number of those four hours in which there were any.
    """

    name = "dns_tunnel_day"
    windows = (DAY,)
    normal = Normal(DAY, sets=("place",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        part = pl.col("time").dt.hour() // (24 // PARTS)
        made = super().prepare(events)
        return made.with_columns((pl.col("asked") & (part == k)).alias(c) for k, c in enumerate(_counts))

    def partial(self) -> list[pl.Expr]:
        return [*super().partial(), *(pl.col(c).sum().cast(pl.Int64) for c in _counts)]

    def merge(self) -> list[pl.Expr]:
        return [*super().merge(), *(pl.col(c).sum() for c in _counts)]

    def finish(self) -> list[pl.Expr]:
        return [
            *super().finish(),
            pl.max_horizontal(_counts).alias("busiest"),
            pl.sum_horizontal((pl.col(c) > 0).cast(pl.Int64) for c in _counts).alias("parts"),
        ]
