r"""Zeek's ASCII escapes: ``\xHH`` for a byte that would break the line, ``\\`` for a backslash."""

from __future__ import annotations

import re

import polars as pl

_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|\\)")


def unescaped(text: str) -> str:
    r"""Return the text that was escaped; bytes that are no UTF-8 stay escaped.

    Example:
        >>> unescaped(r"a\x2cb \xc3\xa9 \xff")
        'a,b é \\xff'
    """
    data = _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]) if m[1] else b"\\", text.encode())
    return data.decode("utf-8", "backslashreplace")


def unescape_column(column: pl.Series) -> pl.Series:
    r"""Return a String column without escapes. The loop runs over the distinct values with a backslash alone, which are few."""
    odd = column.filter(column.str.contains("\\", literal=True)).unique()
    if odd.is_empty():
        return column
    return column.replace(odd, pl.Series([unescaped(t) for t in odd], dtype=pl.String))


def unescape_lists(column: pl.Series) -> pl.Series:
    r"""Return a List(String) column without escapes; only called when the bytes held a backslash."""
    flat = column.explode(empty_as_null=False, keep_nulls=False)
    clean = unescape_column(flat)
    if clean is flat:
        return column
    lengths = column.list.len().fill_null(0)
    rows = pl.Series(range(len(column)), dtype=pl.UInt32)
    owner = pl.select(pl.lit(rows).repeat_by(pl.lit(lengths)).explode(empty_as_null=False)).to_series()
    lists = pl.DataFrame({"row": owner, "value": clean}).group_by("row", maintain_order=True).agg("value")
    whole = pl.DataFrame({"row": rows, "was": column}).join(lists, on="row", how="left", maintain_order="left")
    return whole.select(pl.coalesce("value", "was")).to_series().alias(column.name)
