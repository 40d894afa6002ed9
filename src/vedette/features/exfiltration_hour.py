"""How much a host of ours sends out in an hour, beyond what comes back, and mostly to whom."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_pair import place
from vedette.features.exfiltration_flow import REQUIRES, USES, uploads

HOUR = timedelta(hours=1)
LARGEST = 16
"""Uploads of which the destination is kept."""
PLACES = 4
"""Destinations, the largest first, that are remembered."""
USUAL = (200_000.0, 2.5)
"""What a host that sends anything sends in an hour, and the spread of its logarithm: an order of magnitude, until the site is known."""

_DIGITS = 17
_largest = pl.col("largest")


class ExfiltrationHour(WindowFeatures):
    """A row per inside host and hour in which it uploaded anything (see ``exfiltration_flow``).

    ``uploaded`` is what it sent beyond what came back, in bytes; ``sent`` and ``got`` are both sides of these uploads, ``uploads`` their
    count. ``to`` is the address that got most in the ``LARGEST`` largest of them, ``share`` how much of ``uploaded`` that was;
    ``places`` are up to ``PLACES`` such addresses, each followed by its network: their baselines tell how many others send there.

    The width is an hour: a thief who is in a hurry should be found before the day is over, and the course of the day tells nights from
    working hours. What is spread over days is ``exfiltration_pair``'s.
    """

    name = "exfiltration_hour"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip",)
    windows = (HOUR,)
    normal = Normal(
        HOUR,
        numbers=("uploaded",),
        hourly=("uploaded",),
        sets=("places",),
        prior={"uploaded": USUAL},
        units={"uploaded": "bytes"},
    )

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        size = pl.col("surplus").cast(pl.String).str.zfill(_DIGITS)
        return uploads(events).with_columns(one=size + pl.col("dst_endpoint.ip"))

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("one").top_k(LARGEST).sort(descending=True).alias("largest"),
            pl.col("surplus").sum(),
            pl.col("sent").sum(),
            pl.col("got").sum(),
            pl.len().cast(pl.Int64).alias("uploads"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            _largest.list.explode(empty_as_null=False).top_k(LARGEST).sort(descending=True),
            *(pl.col(c).sum() for c in ("surplus", "sent", "got", "uploads")),
        ]

    def finish(self) -> list[pl.Expr]:
        ranked = _largest.list.eval(_RANKED)
        first, one = ranked.list.first(), pl.element()
        places = ranked.list.head(PLACES).list.eval(place(one.str.slice(_DIGITS)).list.explode(empty_as_null=False))
        most = first.str.slice(0, _DIGITS).cast(pl.Int64)
        return [
            pl.col("surplus").alias("uploaded"),
            *map(pl.col, ("sent", "got", "uploads")),
            first.str.slice(_DIGITS).alias("to"),
            (most / pl.col("surplus").clip(lower_bound=1)).cast(pl.Float64).alias("share"),
            places.alias("places"),
        ]


_size, _to = pl.element().str.slice(0, _DIGITS).cast(pl.Int64), pl.element().str.slice(_DIGITS)
_RANKED = (_size.sum().over(_to).cast(pl.String).str.zfill(_DIGITS) + _to).unique().sort(descending=True)
"""What each destination got in these uploads, and the destination; the largest first."""
