"""List columns out of Python lists: Polars builds one inner series per row, which costs microseconds; here the rows are built at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

_FEW = 64
"""Rows up to which Polars' own way is the quicker."""


def list_columns(lengths: Sequence[int], flat: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
    """Return List columns: row i takes the next ``lengths[i]`` values of each flat column; a row of none is null.

    Args:
        lengths: (n_rows,) how many values each row has.
        flat: name -> (sum of lengths,) values.

    Example:
        >>> list_columns([2, 0, 1], {"a": pl.Series([1, 2, 3])})["a"].to_list()
        [[1, 2], None, [3]]
    """
    sizes = np.asarray(lengths, np.int64)
    filled = np.flatnonzero(sizes)
    place = np.full(len(sizes), -1, np.int64)
    place[filled] = np.arange(len(filled))
    owner = pl.Series("owner", np.repeat(np.arange(len(filled)), sizes[filled]))
    lists = (
        pl.DataFrame([owner, *(s.alias(n) for n, s in flat.items())]).group_by("owner", maintain_order=True).agg(*flat)
    )
    where = pl.Series("place", place)
    rows = lists.select(pl.col(*flat).gather(where.set(where < 0, None)))
    return {name: rows[name] for name in flat}


def list_column(
    name: str, rows: Sequence[Sequence[object] | None], inner: pl.DataType | type[pl.DataType]
) -> pl.Series:
    """Return a List column of the rows' values; a row that is None or empty is null."""
    if len(rows) <= _FEW:  # a message of its own, say: the long way costs a millisecond, however short it is
        return pl.Series(name, [list(row) if row else None for row in rows], dtype=pl.List(inner))
    values = [value for row in rows if row for value in row]
    lengths = [len(row) if row else 0 for row in rows]
    return list_columns(lengths, {name: pl.Series(name, values, dtype=inner)})[name]
