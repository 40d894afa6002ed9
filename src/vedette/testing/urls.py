"""Made-up URL events and small data files, for tests of what reads and judges URLs."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import zstandard

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def url_events(urls: Sequence[str | None]) -> EventBatch:
    """Return Email URL Activity, one event per URL."""
    frame = pl.DataFrame({"url.url_string": urls}, schema={"url.url_string": pl.String})
    return EventBatch(
        EventClass.EMAIL_URL_ACTIVITY,
        frame.with_columns(
            pl.lit(NOON).dt.cast_time_unit("us").alias("time"),
            pl.lit("made").alias("metadata.log_name"),
            pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
        ),
    )


def write_compressed(path: Path, content: bytes) -> None:
    """Write a .zst file; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zstandard.ZstdCompressor().compress(content))


def write_archive(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a .tar.zst file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    write_compressed(path, out.getvalue())
