"""Tables of a site's own, whatever they hold: CSV, JSON lines or Parquet."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.errors import DataError

MOST_ROWS = 2_000_000
"""Rows of a table that are read: a model of a sum learns nothing more from others."""
_LOOKED_AT = 10_000
"""Rows by which the type of a CSV's column is told."""


def read_table(path: Path) -> pl.DataFrame:
    """Return at most ``MOST_ROWS`` rows of a table, the first ones.

    Raises:
        DataError: it cannot be read, or has no rows.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head == b"PAR1":
            found = pl.scan_parquet(path).head(MOST_ROWS).collect()
        elif head.lstrip()[:1] == b"{":
            found = pl.read_ndjson(path, infer_schema_length=_LOOKED_AT).head(MOST_ROWS)
        else:
            found = pl.read_csv(
                path, n_rows=MOST_ROWS, infer_schema_length=_LOOKED_AT, try_parse_dates=True, encoding="utf8-lossy"
            )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(f"the table cannot be read: {str(error)[:200]}", where=str(path)) from error
    if not found.height:
        raise DataError("the table has no rows", where=str(path))
    return found
