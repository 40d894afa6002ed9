"""How much a host of ours sends out to one network outside in a day, beyond what comes back."""

from __future__ import annotations

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_pair import DAY
from vedette.features.exfiltration_flow import REQUIRES, USES, network, uploads
from vedette.features.sketch import merge_sample, sample

SHOWN = 4
"""Addresses of the network that are kept."""
USUAL = (50_000.0, 2.5)
"""What a host sends in a day to one place that it sends anything to, and the spread of its logarithm, until the site is known."""

_SUMS = ("surplus", "sent", "got", "uploads")


class ExfiltrationPair(WindowFeatures):
    """A row per inside host, network outside (a /24, an IPv6 /48) and day in which it uploaded anything there (see ``exfiltration_flow``).

    ``uploaded`` is what it sent beyond what came back, in bytes; ``sent`` and ``got`` are both sides of these uploads, ``uploads`` their
    count; ``addresses`` is a sample. ``place`` is the network: its baseline tells how many others send there.

    The width is a day, and the baseline is that of the pair: what matters is what adds up over days, however little each hour holds.
    """

    name = "exfiltration_pair"
    needs = EventClass.NETWORK_ACTIVITY
    requires = REQUIRES
    uses = USES
    keys = ("src_endpoint.ip", "network")
    windows = (DAY,)
    normal = Normal(DAY, numbers=("uploaded",), sets=("place",), prior={"uploaded": USUAL}, units={"uploaded": "bytes"})

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        return uploads(events).with_columns(network=network(pl.col("dst_endpoint.ip")))

    def partial(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _SUMS[:-1]),
            pl.len().cast(pl.Int64).alias("uploads"),
            sample(pl.col("dst_endpoint.ip"), SHOWN).alias("addresses"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in _SUMS), merge_sample("addresses", SHOWN)]

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("surplus").alias("uploaded"),
            *map(pl.col, ("sent", "got", "uploads", "addresses")),
            pl.concat_list("network").alias("place"),
        ]
