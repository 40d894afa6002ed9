"""Formats of one line that are a head and pairs of key and value: CEF and LEEF."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

LINE_ENDS = "".join(map(chr, (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)))
"""Control characters, and what some reader takes for the end of a line."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One key of a line.

    Attributes:
        key: as the format has it.
        value: of a column of ``told``, or made of several; text, null where the key is to be left out.
        most: characters of the value.
        label: of keys without a meaning of their own, the words that stand in ``<key>Label``.
    """

    key: str
    value: pl.Expr
    most: int = 1_023
    label: str = ""


def milliseconds(column: str) -> pl.Expr:
    """Return a time as milliseconds since 1970, as text."""
    return pl.col(column).dt.timestamp("ms").cast(pl.String)


def text(column: str) -> pl.Expr:
    """Return a column as text."""
    return pl.col(column).cast(pl.String)


def listed(column: str) -> pl.Expr:
    """Return a list of texts as one, apart by commas; null where it is empty."""
    return pl.when(pl.col(column).list.len() > 0).then(pl.col(column).list.drop_nulls().list.join(", "))


def by_family(column: str, *, ipv6: bool) -> pl.Expr:
    """Return an address if it is of this family, else null."""
    is_ipv6 = pl.col(column).str.contains(":", literal=True)
    return pl.when(is_ipv6 if ipv6 else ~is_ipv6).then(pl.col(column))


def pairs_of(pairs: Sequence[Pair], escapes: Mapping[str, str], separator: str) -> pl.Expr:
    """Return the pairs of a row that say something, one after the other."""
    parts = []
    for pair in pairs:
        value = pair.value.str.slice(0, pair.most).str.replace_many(dict(escapes))
        head = f"{pair.key}Label={pair.label}{separator}{pair.key}=" if pair.label else f"{pair.key}="
        parts.append(pl.concat_str(pl.lit(head), value))
    return pl.concat_str(parts, separator=separator, ignore_nulls=True)


def lines(rows: pl.DataFrame, line: pl.Expr) -> bytes:
    """Return a line per row; ``line`` is text without line ends, never null."""
    if not rows.height:
        return b""
    out = io.BytesIO()
    rows.select(line).write_csv(out, include_header=False, quote_style="never")
    return out.getvalue()
