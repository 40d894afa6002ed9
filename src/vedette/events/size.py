"""What a table holds in memory."""

from __future__ import annotations

import polars as pl

_VIEW_BYTES = 16
"""A text is a view of so many bytes; polars counts the letters and leaves the view out: 1.4 times as much was held as was counted."""
_SHORT = 12
"""A text of at most so many bytes stands in its view."""


def memory_bytes(frame: pl.DataFrame) -> int:
    """Return about how many bytes a table holds; buffers that it shares with others are counted as its own."""
    return sum(_column(series) for series in frame)


def _column(series: pl.Series) -> int:
    size, dtype = int(series.estimated_size()), series.dtype
    if dtype in (pl.String, pl.Binary):
        return _texts(len(series), size)
    if isinstance(dtype, pl.List) and dtype.inner in (pl.String, pl.Binary):
        return 8 * len(series) + _texts(int(series.list.len().sum() or 0), size - 8 * len(series))
    return size


def _texts(count: int, letters: int) -> int:
    """Return what texts hold; by their mean, all of them stand in their views or none does."""
    return _VIEW_BYTES * count + (letters if letters > _SHORT * count else 0)
