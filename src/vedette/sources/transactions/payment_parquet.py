"""Parquet tables of payments, some rows at a time; a stream that cannot be read twice is copied to a temporary file."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars import col

from vedette.errors import LimitError, SourceError
from vedette.intel.payment_columns import NEEDED, Payments

MAGIC = b"PAR1"
ROWS = 1 << 16
MOST_BYTES = 8 << 30
"""Of a table that has to be copied."""
ROWS_PER_BYTE = 8
"""More rows than this for each byte of the file are no payments, which differ at least in their times."""


def tables(stream: BinaryIO, site: Payments) -> Iterator[pl.DataFrame]:
    """Yield the rows: a column per thing held, texts but for times and amounts, and ``metadata.sequence``.

    Raises:
        SourceError: it is no Parquet file, damaged, or holds no payments.
    """
    with _file(stream) as path:
        try:
            lazy = pl.scan_parquet(path)
            names = lazy.collect_schema().names()
            places = site.places(names)
            if not set(NEEDED) <= set(places):
                raise SourceError(f"no payments: no column for {', '.join(w for w in NEEDED if w not in places)}")
            if lazy.select(pl.len()).collect().item() > ROWS_PER_BYTE * path.stat().st_size:
                raise LimitError("more rows than a file of this size can hold")
            types = lazy.collect_schema()
            wanted = lazy.select(_held(names[i], what, types[names[i]]) for what, i in places.items())
            first = 0
            for frame in wanted.collect_batches(chunk_size=ROWS, maintain_order=True):
                yield frame.with_row_index("metadata.sequence", first).with_columns(
                    col("metadata.sequence").cast(pl.Int64)
                )
                first += frame.height
        except (pl.exceptions.PolarsError, OSError) as error:
            raise SourceError(f"not a Parquet file that can be read: {str(error)[:120]}") from error


def _held(name: str, what: str, dtype: pl.DataType) -> pl.Expr:
    """Return the column as a text, or as what it is where it is a time or a number that counts."""
    if what in ("time", "label_time") and dtype in (pl.Datetime, pl.Date):
        zone = getattr(dtype, "time_zone", None)
        return (col(name).dt.convert_time_zone("UTC") if zone else col(name)).alias(what)
    if what == "amount" and dtype.is_float():
        return col(name).cast(pl.Float64).alias(what)
    return col(name).cast(pl.String, strict=False).alias(what)


@contextmanager
def _file(stream: BinaryIO) -> Iterator[Path]:
    """Give the path of what a stream holds: its own where it is a plain file, else that of a copy."""
    name = getattr(getattr(stream, "raw", stream), "name", None)
    if isinstance(stream, io.BufferedReader) and isinstance(name, str):
        path = Path(name)
        if path.is_file() and os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            yield path
            return
    with tempfile.TemporaryDirectory(prefix="vedette-") as folder:
        copy = Path(folder) / "table.parquet"
        with copy.open("wb") as file:
            left = MOST_BYTES
            while left and (data := stream.read(min(left, 1 << 20))):
                file.write(data)
                left -= len(data)
            if not left and stream.read(1):
                raise LimitError(f"a Parquet table of more than {MOST_BYTES:,} bytes inside an archive or a pipe")
        yield copy
