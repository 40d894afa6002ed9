"""A column of some rows as distinct values and, per row, which of them it has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from vedette.intel.sigma.values import LONGEST

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Cells:
    """Distinct values, and per row the number of its own; a row without one has the number after the last.

    Args:
        texts: (n,) String.

    Example:
        >>> cells = Cells(pl.Series(["b", None, "a", "b"]))
        >>> [cells.values[c] if c < len(cells.values) else None for c in cells.codes]
        ['b', None, 'a', 'b']
    """

    def __init__(self, texts: pl.Series) -> None:
        distinct = texts.unique(maintain_order=True).drop_nulls()
        codes = texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(distinct.len())
        long = distinct.str.len_bytes() > LONGEST
        short = distinct.str.slice(0, LONGEST) if long.any() else distinct
        self.codes: Rows = codes.to_numpy()
        self.values: list[str] = short.to_list()
        self.lowered: list[str] = short.str.to_lowercase().to_list()
        self.counts: Rows = np.bincount(self.codes, minlength=distinct.len() + 1)


def text_of(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return (n,) String: the first of ``columns`` that is there and not null, as text."""
    have = [c for c in columns if c in frame.columns]
    if not have:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return frame.select(pl.coalesce(_text(c, frame.schema[c]) for c in have)).to_series()


def all_text(frame: pl.DataFrame) -> pl.Series:
    """Return (n,) String: every text of a row, each on a line of its own: what a keyword is looked for in."""
    texts = [c for c, d in frame.schema.items() if d in (pl.String, pl.List(pl.String)) and c not in _ABOUT]
    if not texts:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return frame.select(
        pl.concat_str([_text(c, frame.schema[c]) for c in texts], separator="\n", ignore_nulls=True)
    ).to_series()


_ABOUT = ("metadata.log_name", "metadata.uid")
"""Said of an event, not by it."""


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    if dtype == pl.String:
        return value
    if isinstance(dtype, pl.List):
        return value.cast(pl.List(pl.String)).list.join(",", ignore_nulls=True)
    return value.dt.to_string("iso:strict") if isinstance(dtype, pl.Datetime) else value.cast(pl.String)
