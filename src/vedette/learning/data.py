"""Loads labelled data sets: found, checked against their hashes, and never changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.errors import DataError
from vedette.events.schema import SCHEMAS
from vedette.plugins import discover

VARIABLE = "VEDETTE_DATA"
KNOWN = ("@label", "@group", "@corpus", "@time")
"""What is known about an item and never seen by a model."""
PART = "@part"
"""A part of a corpus that is worth a look of its own (hard ham); where a data set has none, null."""


def data_root() -> Path:
    """Return the folder of the data sets: the variable ``VEDETTE_DATA``, or ``shared/data`` beside the checkout.

    Raises:
        DataError: there is no such folder.
    """
    for place in _places():
        if place.is_dir():
            return place
    raise DataError("the data sets are not here", hint=f"name their folder: {VARIABLE}=FOLDER vedette train NAME")


def _places() -> Iterator[Path]:
    if named := os.environ.get(VARIABLE):
        yield Path(named)
        return
    yield Path(__file__).parents[4] / "shared" / "data"
    yield Path("..") / "shared" / "data"


def dataset(name: str) -> type[Dataset]:
    """Return the data set of this name.

    Raises:
        DataError: there is none.
    """
    known = discover(Dataset)
    if name not in known:
        raise DataError(f"no data set is called {name!r}", hint=f"there are: {', '.join(known)}")
    return known[name]


def load(name: str, root: Path | None = None) -> pl.DataFrame:
    """Return the rows of a data set, its files checked.

    Raises:
        DataError: a file is absent or is not the one that the loader was written for, or the rows are not as promised.
    """
    cls, folder = dataset(name), root or data_root()
    for path, expected in cls.files.items():
        _check(folder / path, expected, name)
    rows = cls().read(folder)
    if PART not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String).alias(PART))
    wrong = [c for c in rows.columns if c not in (*KNOWN, PART) and c not in SCHEMAS[cls.kind]]
    absent = [c for c in (*KNOWN, "metadata.sequence") if c not in rows.columns]
    if wrong or absent:
        raise DataError(f"the loader of {name} gives columns {wrong} and lacks {absent}", where=name)
    return rows


def fingerprint(name: str) -> str:
    """Return what a model says it was trained on: a hash of the hashes of the data set's files, or of the items of one that is made up."""
    cls = dataset(name)
    if not cls.files:
        return _made(cls)
    told = "".join(f"{p}={h}\n" for p, h in sorted(cls.files.items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def _made(cls: type[Dataset]) -> str:
    """Return a hash of what a generator makes: it is the same each time, until somebody changes it."""
    rows = cls().read(Path())
    lines = rows.select(sorted(rows.columns)).write_ndjson()
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _check(path: Path, expected: str, name: str) -> None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise DataError(f"the data set {name} is not here: {error.strerror}", where=str(path)) from error
    if digest.hexdigest() != expected:
        raise DataError(
            f"the data set {name} is another than its loader was written for: sha256 differs", where=str(path)
        )
