"""A labelled table of connections: numbers, words, and what kind of attack each row is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.errors import DataError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
NORMAL = "normal"
"""The kind of what is no attack."""
RATE = 1.0
"""A number that never exceeds it is a share, and stays as it is; others are counted in orders of magnitude (log1p)."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """n rows.

    Attributes:
        numbers: (n, d) finite, most of them ``log1p`` of what was measured.
        words: (n, c) text.
        kind: (n,) text: ``NORMAL``, or the attack.
        about: (n,) rows of what no model may see: times, addresses to group by; without columns where there is no such thing.
    """

    numbers: Floats
    words: npt.NDArray[np.str_]
    kind: npt.NDArray[np.str_]
    about: pl.DataFrame

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def attack(self) -> Bools:
        """(n,) Bool: whether a row is an attack."""
        found: Bools = self.kind != NORMAL
        return found

    @property
    def kinds(self) -> list[str]:
        """The attacks that occur, in order of text."""
        return sorted(set(self.kind[self.attack].tolist()))

    def take(self, which: Bools | Places) -> Table:
        """Return some of the rows."""
        at = np.flatnonzero(which) if which.dtype == np.bool_ else which
        about = self.about[at] if self.about.width else self.about
        return Table(self.numbers[at], self.words[at], self.kind[at], about)


def table(
    rows: pl.DataFrame, numbers: Sequence[str], words: Sequence[str], kind: str, about: Sequence[str] = ()
) -> Table:
    """Return a table of some columns of ``rows``; what is not finite or below zero (not measured) counts as 0."""
    found = rows.select(pl.col(c).cast(pl.Float64) for c in numbers).to_numpy().astype(np.float64)
    found = np.where(np.isfinite(found), np.maximum(found, 0.0), 0.0)
    large = found.max(0, initial=0.0) > RATE
    found[:, large] = np.log1p(found[:, large])
    told = rows.select(pl.col(c).cast(pl.String).fill_null("") for c in words).to_numpy().astype(np.str_)
    return Table(found, told.reshape(len(found), len(words)), rows[kind].to_numpy().astype(np.str_), rows.select(about))


def opened(root: Path, files: Mapping[str, str], name: str) -> io.BytesIO:
    """Return the bytes of a file, unpacked where its name ends in ``.zst``.

    Args:
        root: the folder of the data sets.
        files: path -> sha256, of every file that is known.
        name: the path.

    Raises:
        DataError: it is absent, or another one than this was written for.
    """
    import zstandard  # noqa: PLC0415

    path = root / name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"the table {name} is not here: {error.strerror}", where=str(path)) from error
    if hashlib.sha256(raw).hexdigest() != files[name]:
        raise DataError(f"the table {name} is another than its loader was written for: sha256 differs", where=str(path))
    return io.BytesIO(zstandard.ZstdDecompressor().stream_reader(raw).read() if name.endswith(".zst") else raw)
