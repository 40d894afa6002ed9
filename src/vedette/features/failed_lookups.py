"""How many names a client asks for in an hour that do not exist, against what is usual for it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.domain_name import cleaned, with_label
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

HOUR = timedelta(hours=1)
SHOWN = 8

_NO_SUCH_NAME = 3  # rcode_id (RFC 1035)


class FailedLookups(WindowFeatures):
    """A row per client and hour in which a name did not exist: ``missing`` (estimated) distinct registered names, and a sample.

    Names below one domain count once, single labels and local names not at all (``features.domain_name``).
    """

    name = "failed_lookups"
    needs = EventClass.DNS_ACTIVITY
    requires = ("src_endpoint.ip", "query.hostname", "rcode_id")
    keys = ("src_endpoint.ip",)
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("missing",), hourly=("missing",), prior={"missing": (2.0, 0.8)})

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        absent = events.filter(pl.col("rcode_id") == _NO_SUCH_NAME)  # few: the costly part comes after
        named = with_label(absent.with_columns(name=cleaned(pl.col("query.hostname"))))
        return named.filter(pl.col("registered").is_not_null())

    def partial(self) -> list[pl.Expr]:
        return [distinct(pl.col("registered")).alias("missing"), sample(pl.col("registered"), SHOWN).alias("names")]

    def merge(self) -> list[pl.Expr]:
        return [merge_distinct("missing"), merge_sample("names", SHOWN)]

    def finish(self) -> list[pl.Expr]:
        return [count_distinct("missing").alias("missing"), pl.col("names")]
