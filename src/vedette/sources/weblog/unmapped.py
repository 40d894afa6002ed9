"""What a log says and OCSF has no place for: a JSON object per row, null where there is nothing."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def unmapped(frame: pl.DataFrame, members: Mapping[str, pl.Expr]) -> pl.Series:
    """Return (n,) JSON objects of the members that are not null; texts and flags.

    Example:
        >>> unmapped(pl.DataFrame({"a": ["x", None]}), {"A": pl.col("a")}).to_list()
        ['{"A":"x"}', None]
    """
    found = frame.select(e.alias(name) for name, e in members.items())
    said = [s.name for s in found if s.null_count() < len(s)]
    if not said:
        return pl.Series("unmapped", [None], pl.String).new_from_index(0, len(frame))
    joined = pl.concat_str(*map(_member, said), separator=",", ignore_nulls=True)
    return found.select(pl.when(joined != "").then(pl.format("{{{}}}", joined)).alias("unmapped")).to_series()


def _member(name: str) -> pl.Expr:
    """Return ``"name":value``, null where there is none."""
    alone = pl.struct(name).struct.json_encode().str.strip_prefix("{").str.strip_suffix("}")
    return pl.when(pl.col(name).is_not_null()).then(alone)
