"""Mergeable summaries of a set, as Polars aggregations: what a partial may hold besides counts and sums.

``distinct`` keeps the k smallest hashes of a set (K minimum values: Bar-Yossef et al., "Counting distinct elements in a data stream",
RANDOM 2002; Beyer et al., SIGMOD 2007). Below k the count is exact; above, the relative error is about 1/sqrt(k - 2).
``sample`` keeps the k smallest values themselves, for a person to read. Both are associative, commutative and idempotent.
"""

from __future__ import annotations

from functools import cache

import polars as pl

K = 128
_HASHES = float(2**64)


def distinct(of: pl.Expr, k: int = K) -> pl.Expr:
    """Aggregate a column into a List(UInt64) sketch of its distinct values; nulls do not count."""
    return of.drop_nulls().unique().hash().sort().head(k)


def merge_distinct(sketch: str, k: int = K) -> pl.Expr:
    """Aggregate sketches into one, under the same name."""
    return pl.col(sketch).list.explode(empty_as_null=False).unique().sort().head(k).alias(sketch)


def count_distinct(sketch: str, k: int = K) -> pl.Expr:
    """Return the (estimated) number of distinct values, Float64."""
    held = pl.col(sketch).list.len().cast(pl.Float64)
    kth = pl.col(sketch).list.last().cast(pl.Float64)
    return pl.when(held < k).then(held).otherwise((k - 1) * _HASHES / kth)


def sample(of: pl.Expr, k: int = 8) -> pl.Expr:
    """Aggregate a column into a List of its k smallest distinct values."""
    return of.drop_nulls().unique().sort().head(k)


def merge_sample(sample: str, k: int = 8) -> pl.Expr:
    """Aggregate samples into one, under the same name."""
    return pl.col(sample).list.explode(empty_as_null=False).unique().sort().head(k).alias(sample)


@cache
def hashing() -> str:
    """Return a text that changes when Polars hashes in another way: then sketches made before cannot be merged with those made now."""
    probe = pl.DataFrame({"text": ["a", "10.0.0.1", "\u00e9" * 40, None], "number": [0, 1, -(2**40), None]})
    each = probe.select(pl.struct("text", "number").hash(), a=pl.col("text").hash(1), b=pl.col("number").hash())
    return "-".join(f"{value:x}" for column in each.get_columns() for value in column)
