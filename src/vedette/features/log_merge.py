"""Joins shapes that differ in a word which varies: names of users, of services, of files without a path.

A word of a shape varies when ``VARIANTS`` different words stand at its place in shapes that are otherwise alike, or a number does. Three
such rounds, so that shapes that vary at several places come together. What results depends on the set of shapes only, not on
their order or how often each was seen.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.features.log_shape import MARK

VARIANTS = 5
CONSTANTS = 3
"""A shape keeps at least so many words of its own; what has fewer is not joined."""
ROUNDS = 3
WORDS = 64
"""Words of a shape that may be joined; the rest has to be alike."""

_WORD = r"<\*>|[\w.$-]+|[^\s\w]"


def merged(shapes: pl.Series) -> pl.Series:
    """Return (n,) the shapes after joining.

    Example:
        >>> many = pl.Series([f"service {name} was stopped by request" for name in ("smbd", "nmbd", "cups", "exim", "ntpd")])
        >>> merged(many).unique().to_list()
        ['service <*> was stopped by request']
    """
    table = shapes.alias("shape").to_frame()
    words = table.unique().drop_nulls().with_columns(words=col("shape").str.extract_all(_WORD))
    words = words.with_columns(tail=col("words").list.slice(WORDS).list.join(" "), words=col("words").list.head(WORDS))
    for _ in range(ROUNDS):
        words = _round(words)
    whole = pl.concat_list("words", "tail").list.join(" ").str.strip_chars()
    known = words.select("shape", merged=whole)
    return table.join(known, on="shape", how="left", maintain_order="left")["merged"].alias(shapes.name)


def _round(words: pl.DataFrame) -> pl.DataFrame:
    """Return the table with the words that vary written as ``MARK``."""
    word = col("words")
    each = words.with_row_index("row").with_columns(
        size=word.list.len(), at=pl.int_ranges(word.list.len()), rest=col("tail").hash()
    )
    each = each.filter(col("size") > 0).explode("words", "at", empty_as_null=True, keep_nulls=True)
    own = word.str.contains(r"^[\w$.-]")
    each = each.with_columns(
        own=own, mark=pl.struct("at", "words").hash(), letters=word.str.contains("[A-Za-z]{2}") & own
    )
    each = each.with_columns(
        others=col("mark").sum().over("row") - col("mark") + col("rest"), constants=col("letters").sum().over("row")
    )
    place = ("size", "at", "others")
    kinds = (
        each.filter(col("own") | (word == MARK))
        .group_by(place)
        .agg(variants=word.n_unique(), number=(word == MARK).any())
    )
    each = each.join(kinds, on=place, how="left", maintain_order="left")
    varies = col("own") & (col("constants") > CONSTANTS) & ((col("variants") >= VARIANTS) | col("number"))
    each = each.with_columns(words=pl.when(varies).then(pl.lit(MARK)).otherwise("words"))
    joined = each.group_by("row", maintain_order=True).agg("words", col("shape").first(), col("tail").first())
    empty = words.filter(word.list.len() == 0)
    return pl.concat([joined.select(words.columns), empty])
