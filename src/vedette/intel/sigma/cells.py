"""A column of some rows as distinct values and, per row, which of them it has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from vedette.intel.sigma.values import LONGEST

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
FEW = 4_096
"""Rows."""
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
        self.codes: Rows
        self.codes, found = _few(texts) if texts.len() <= FEW else _many(texts)
        self.values: list[str] = [v[:LONGEST] if len(v) > LONGEST else v for v in found]
        self.lowered: list[str] = [v.lower() for v in self.values]
        self.counts: Rows = np.bincount(self.codes, minlength=len(found) + 1)


def _few(texts: pl.Series) -> tuple[Rows, list[str]]:
    """Number the values of few rows: a loop, since each call of Polars costs as much as a thousand rows."""
    numbers: dict[str | None, int] = {}
    codes = [numbers.setdefault(v, len(numbers)) for v in texts.to_list()]
    if None not in numbers:
        return np.asarray(codes, dtype=np.int64), [v for v in numbers if v is not None]
    null, last = numbers.pop(None), len(numbers)
    moved = np.asarray(codes, dtype=np.int64)
    moved = np.where(moved == null, last, moved - (moved > null))
    return moved, [v for v in numbers if v is not None]


def _many(texts: pl.Series) -> tuple[Rows, list[str]]:
    distinct = texts.unique(maintain_order=True).drop_nulls()
    codes = texts.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(distinct.len())
    return codes.to_numpy(), distinct.to_list()


def text_of(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Return (n,) String: the first of ``columns`` that is there and not null, as text."""
    texts = [_text(frame[c]) for c in columns if c in frame]
    if not texts:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return texts[0] if len(texts) == 1 or not texts[0].null_count() else pl.select(pl.coalesce(texts)).to_series()


def all_text(frame: pl.DataFrame) -> pl.Series:
    """Return (n,) String: every text of a row, each on a line of its own: what a keyword is looked for in."""
    texts = [_text(s) for s in frame if s.dtype in (pl.String, pl.List(pl.String)) and s.name not in _ABOUT]
    if not texts:
        return pl.Series([None] * frame.height, dtype=pl.String)
    return pl.select(pl.concat_str(texts, separator="\n", ignore_nulls=True)).to_series()


_ABOUT = ("metadata.log_name", "metadata.uid")
"""Said of an event, not by it."""


def _text(values: pl.Series) -> pl.Series:
    if values.dtype == pl.String:
        return values
    if values.dtype == pl.List:
        return values.cast(pl.List(pl.String)).list.join(",", ignore_nulls=True)
    return values.dt.to_string("iso:strict") if values.dtype == pl.Datetime else values.cast(pl.String)
