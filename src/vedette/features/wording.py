"""Numbers as people write them, as String expressions over rows, for the texts of reasons and summaries."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

_STEPS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))


def number(of: pl.Expr, exact_below: int | None = None) -> pl.Expr:
    """A count with thousands set apart: 1,021; from ``exact_below`` on it is an estimate and says so: about 2,100."""
    if exact_below is not None:
        rough = pl.format("about {}", number((of / 100).round(0) * 100))
        return pl.when(of < exact_below).then(number(of)).otherwise(rough)
    digits = of.round(0).cast(pl.Int64, strict=False).cast(pl.String)
    return digits.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_chars(",")


def span(began: str, ended: str) -> pl.Expr:
    """The time between two columns: 12 s, 3.5 hours."""
    seconds = (pl.col(ended) - pl.col(began)).dt.total_milliseconds() / 1000
    text = pl.format("{} s", seconds.round(1))
    for size, unit in reversed(_STEPS):
        text = (
            pl.when(seconds >= 2 * size)
            .then(pl.format("{} {}", (seconds / size).round(1), pl.lit(unit)))
            .otherwise(text)
        )
    return text


def names_of(bits: str, names: Mapping[str, int]) -> pl.Expr:
    """The names of the bits that are set: TCP SYN, UDP."""
    parts = [pl.when(pl.col(bits) & bit != 0).then(pl.lit(name)) for name, bit in names.items()]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True)


def joined(column: str, most: int = 5) -> pl.Expr:
    """The first values of a list column: 22, 80, 443."""
    return pl.col(column).list.head(most).cast(pl.List(pl.String)).list.join(", ")


_ONE = re.compile(
    r"(?<![\d.,])1 ((?:one-way |failing |nearly idle )?)"
    r"(account|address|answer|attempt|byte|client|computer|connection|datagram|day|document|domain|drive|failure|flow|folder|host|hour|link"
    r"|mail|message|minute|name|packet|pair|path|payment|port|program|question|recipient|request|site|source|target|URL|user)(?:e?s)\b"
)


def agreed(text: str) -> str:
    """Return a finished sentence in which one is singular.

    Example:
        >>> agreed("1 addresses tried 21 ports on 1 hosts")
        '1 address tried 21 ports on 1 host'
    """
    return _ONE.sub(r"1 \1\2", text)
