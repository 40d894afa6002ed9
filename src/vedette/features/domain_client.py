"""The names that a client asks for: how many do not exist, and a bounded sample of them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.domain_name import cleaned, with_label
from vedette.features.sketch import count_distinct, distinct, merge_distinct

SAMPLE = 64
"""Names of each kind that are kept: those with the smallest hashes, so a fair draw that any split of the events gives alike."""
EXPECTED = {timedelta(minutes=10): 2.0, timedelta(hours=1): 5.0, timedelta(days=1): 25.0}
"""Registered names that do not exist and that one client asks for in a window of this width, at most, if all is well."""

FEW = 4
"""Names below which nothing is said. Where there were answers, and every name exists, nothing is either."""

_NO_SUCH_NAME = 3  # rcode_id (RFC 1035)
_SHORTEST = 3
_KINDS = ("missing", "other")


class DomainClient(WindowFeatures):
    """A row per client.

    Names are registered names (``features.domain_name``), so a storm of look-ups below one domain counts as one: search suffixes, block
    lists, anti-virus hashes, content delivery. Single labels, as browsers try them, count as none. ``missing`` are names that were answered
    with NXDOMAIN, ``other`` all others; ``missing_count`` and ``other_count`` are (estimated) distinct names, ``answered`` the answers.
    """

    name = "domain_client"
    needs = EventClass.DNS_ACTIVITY
    requires = ("src_endpoint.ip", "query.hostname")
    uses = ("rcode_id",)
    keys = ("src_endpoint.ip",)
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        named = with_label(events.with_columns(name=cleaned(pl.col("query.hostname"))))
        fits = (pl.col("label").str.len_bytes() >= _SHORTEST) & ~pl.col("label").str.starts_with("xn--")
        missing = (pl.col("rcode_id") == _NO_SUCH_NAME).fill_null(value=False)
        return named.filter(fits).with_columns(
            missing=pl.when(missing).then("registered"),
            other=pl.when(~missing).then("registered"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            *(_drawn(pl.col(kind)) for kind in _KINDS),
            *(distinct(pl.col(kind)).alias(f"{kind}_count") for kind in _KINDS),
            pl.col("rcode_id").count().cast(pl.Int64).alias("answered"),
            pl.len().cast(pl.Int64).alias("queries"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(_drawn(pl.col(kind).list.explode(empty_as_null=False)) for kind in _KINDS),
            *(merge_distinct(f"{kind}_count") for kind in _KINDS),
            pl.col("answered").sum(),
            pl.col("queries").sum(),
        ]

    def telling(self) -> pl.Expr:
        return (pl.sum_horizontal(pl.col(kind).list.len() for kind in _KINDS) >= FEW) & (
            (pl.col("missing").list.len() > 0) | (pl.col("answered") == 0)
        )

    def finish(self) -> list[pl.Expr]:
        return [
            *map(pl.col, _KINDS),
            *(count_distinct(f"{kind}_count").alias(f"{kind}_count") for kind in _KINDS),
            pl.col("answered"),
            pl.col("queries"),
            pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64).alias("expected"),
        ]


def _drawn(of: pl.Expr) -> pl.Expr:
    names = of.drop_nulls()
    return names.sort_by(names.hash(), names).unique(maintain_order=True).head(SAMPLE)
