"""How the columns of a table become evidence: numbers fall into bins, words are themselves or "another one"."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from vedette.errors import ModelError
from vedette.scoring.additive import Block, Floats, bins

BINS = 24
"""Of a number, by quantiles of the rows that are trained on."""
WORDS = 64
"""Values of a column of words that are told apart: the most frequent ones."""
FEW = 5
"""Rows a word must stand in."""
DISTINCT = 0.5
"""A text column with more different values than this share of the rows is a name or an id: left out."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The columns that a model looks at.

    Attributes:
        numbers: column -> ascending bounds of its bins.
        words: column -> its words, those known.
        left_out: column -> why it is not looked at.
    """

    numbers: Mapping[str, Sequence[float]]
    words: Mapping[str, Sequence[str]]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: pl.DataFrame, without: Sequence[str]) -> Encoding:
        """Return the encoding of a table's columns but for ``without``."""
        numbers: dict[str, list[float]] = {}
        words: dict[str, list[str]] = {}
        left_out: dict[str, str] = {}
        for name, dtype in rows.schema.items():
            if name in without:
                continue
            if dtype.is_numeric() or dtype == pl.Boolean:
                numbers[name] = _edges(rows[name])
            elif dtype not in (pl.String, pl.Categorical):
                left_out[name] = f"of type {dtype}: times, lists and objects are not looked at"
            elif rows[name].n_unique() > max(WORDS, DISTINCT * rows.height):
                left_out[name] = "nearly every row has a value of its own"
            else:
                counts = rows[name].cast(pl.String).drop_nulls().value_counts(sort=True)
                often = counts.filter(pl.col("count") >= FEW).sort("count", name, descending=[True, False])
                words[name] = sorted(often.head(WORDS)[name].to_list())
        constant = [n for n, edges in numbers.items() if not edges] + [n for n, known in words.items() if not known]
        left_out |= dict.fromkeys(constant, "always the same, or nothing often enough")
        return cls(
            {n: e for n, e in numbers.items() if e},
            {n: w for n, w in words.items() if w},
            dict(sorted(left_out.items())),
        )

    @property
    def version(self) -> str:
        """Twelve hex digits that change with the columns, bounds and words."""
        return hashlib.blake2b(repr(self.plain()).encode(), digest_size=6).hexdigest()

    def plain(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "numbers": {n: list(e) for n, e in self.numbers.items()},
            "words": {n: list(w) for n, w in self.words.items()},
            "left_out": dict(self.left_out),
        }

    @classmethod
    def load(cls, told: Mapping[str, Any]) -> Encoding:
        """Read what ``plain`` returned.

        Raises:
            ModelError: it is something else.
        """
        try:
            numbers = {str(n): [float(x) for x in e] for n, e in told["numbers"].items()}
            words = {str(n): [str(x) for x in w] for n, w in told["words"].items()}
            return cls(numbers, words, {str(n): str(w) for n, w in told["left_out"].items()})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"not the columns of a table: {error}") from error

    def missing(self, rows: pl.DataFrame) -> list[str]:
        """Return the columns that the table lacks."""
        return [n for n in (*self.numbers, *self.words) if n not in rows.columns]

    def blocks(self, rows: pl.DataFrame) -> list[Block]:
        """Return the evidence of (n,) rows: the bin of every number, the word of every column of words."""
        found = []
        if self.numbers:
            values: dict[str, Floats] = {
                n: rows[n].cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy() for n in self.numbers
            }
            found.append(bins("numbers", values, self.numbers))
        if self.words:
            found.append(self._words(rows))
        return found

    def _words(self, rows: pl.DataFrame) -> Block:
        """Return a slot per known word of each column, then one for any other, then one for none."""
        at, slots = 0, []
        for name, known in self.words.items():
            places = {w: k for k, w in enumerate(known)}
            column = rows[name].cast(pl.String)
            place = column.replace_strict(places, default=len(known), return_dtype=pl.Int64)
            slots.append(at + place.set(column.is_null(), len(known) + 1).to_numpy())
            at += len(known) + 2
        slot = np.stack(slots, axis=1).ravel().astype(np.uint32)
        return Block("words", at, np.arange(rows.height + 1, dtype=np.int64) * len(self.words), slot)


def _edges(column: pl.Series) -> list[float]:
    """Return bounds between values, at quantiles; none where all are the same."""
    values = column.cast(pl.Float64).drop_nulls().to_numpy()
    values = values[np.isfinite(values)]
    if not len(values):
        return []
    wanted = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    distinct = np.unique(values)
    above = np.unique(np.searchsorted(distinct, wanted, side="right"))
    above = above[(above > 0) & (above < len(distinct))]
    if not len(above) and len(distinct) > 1:
        above = np.array([1])  # nearly always the same: what is not stands alone
    return [float(x) for x in (distinct[above - 1] + distinct[above]) / 2]
