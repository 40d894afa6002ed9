"""Lines of a table of payments into cells."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from polars import col

from vedette.intel.payment_columns import Payments

_DELIMITERS = ",;\t|"
_WIDEST = 256


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a table.

    Attributes:
        width: how many columns there are.
        places: what is held -> the number of its column.
    """

    delimiter: str
    width: int
    places: Mapping[str, int]


def header(line: str, site: Payments) -> Header | None:
    """Return the header of a table of payments, None where the line is none.

    Example:
        >>> header("date;card;merchant;amount", Payments()).places
        {'time': 0, 'account': 1, 'counterparty': 2, 'amount': 3}
    """
    for delimiter in _DELIMITERS:
        names = _cut(line, delimiter)
        if 3 <= len(names) <= _WIDEST and site.fits(names):  # noqa: PLR2004 - time, account, amount
            return Header(delimiter, len(names), site.places(names))
    return None


def cells(lines: pl.DataFrame, known: Header) -> pl.DataFrame:
    """Return ``lines`` (column ``_line``) with a String column per thing held and ``_fits``: as many cells as the header has.

    Lines with a quotation mark are cut one by one, as only the csv module knows what is inside quotes.
    """
    quoted = col("_line").str.contains('"', literal=True)
    plain, others = lines.filter(~quoted), lines.filter(quoted)
    parts = plain.with_columns(_cells=col("_line").str.split(known.delimiter))
    if others.height:
        rows = [_cut(line, known.delimiter) for line in others["_line"]]
        cut = others.with_columns(pl.Series("_cells", rows, dtype=pl.List(pl.String)))
        parts = pl.concat([parts, cut]).sort("metadata.sequence")
    return parts.select(
        pl.exclude("_cells"),
        (col("_cells").list.len() == known.width).alias("_fits"),
        *(col("_cells").list.get(i, null_on_oob=True).alias(what) for what, i in known.places.items()),
    )


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
