"""What a Zeek log is to us: its typed fields, and the OCSF columns as expressions over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, STRINGS, TIME, EventClass

TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "time": TIME,
    "interval": pl.Float64,  # seconds
    "count": pl.Int64,
    "port": pl.Int32,
    "text": pl.String,
    "flag": pl.Boolean,
    "texts": STRINGS,  # set[...] and vector[...]
    "intervals": pl.List(pl.Float64),
}
"""Zeek's types, as far as we tell them apart -> the column type of the typed frame."""

LAST_SECOND = 7_258_118_400
"""1 January 2200: a time beyond it (or before 1970) is an error, and the record a reject."""

SEQUENCE = "metadata.sequence"
UNMAPPED = "unmapped"
LOG_NAME = "log_name"


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """One kind of Zeek log.

    Attributes:
        kind: the OCSF class of its rows.
        fields: the Zeek fields that are mapped -> their type in ``TYPES``. All others go to ``unmapped``.
        marks: fields by which the log is known where no path names it; all must be there.
        columns: OCSF path -> expression over the typed fields.
    """

    kind: EventClass
    fields: dict[str, str]
    columns: dict[str, pl.Expr]
    marks: frozenset[str] = field(default_factory=frozenset)

    def batch(self, typed: pl.DataFrame) -> EventBatch:
        """Return the rows of a typed frame: any of ``fields``, ``SEQUENCE``, perhaps ``LOG_NAME`` and ``UNMAPPED``; no ``ts`` is null."""
        have, schema = set(typed.columns), SCHEMAS[self.kind]
        wanted = {c: e for c, e in self.columns.items() if _fed(e, have)}
        absent = [pl.lit(None, dtype=TYPES[t]).alias(f) for f, t in self.fields.items() if f not in have]
        kept = [c for c in (SEQUENCE, UNMAPPED, LOG_NAME) if c in have and c in schema]
        frame = typed.with_columns(absent).select(
            *(e.cast(schema[c]).alias(c) for c, e in wanted.items()),
            *kept,
        )
        return EventBatch(self.kind, frame)


def _fed(expression: pl.Expr, have: Iterable[str]) -> bool:
    """Say whether the expression is a constant or reads at least one field that is there."""
    roots = expression.meta.root_names()
    return not roots or not set(roots).isdisjoint(have)
