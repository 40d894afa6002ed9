"""The one value that flows: rows of one OCSF class, in columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from vedette.errors import SchemaError
from vedette.events.schema import SCHEMAS, EventClass, dtype_of

RAW_LIMIT = 1024
"""Characters of a bad record that a reject keeps."""


@dataclass(frozen=True, slots=True, eq=False)
class EventBatch:
    """Rows of one OCSF class; checked once, here, and never again.

    Attributes:
        kind: the class of every row.
        frame: (n_rows, n_columns); every column stands in ``SCHEMAS[kind]`` with exactly that dtype, or is a String ``unmapped.NAME``;
            a column that the input does not have may be absent. ``time`` is always there and, but for rejects, never null.
        records: how many records of the input these rows account for; by default one each (a reject: its ``count``).
            A flow accounts for its packets; rows derived from records that are already counted say 0.

    Raises:
        SchemaError: a column is unknown, of another dtype, or ``time`` is missing or null.
    """

    kind: EventClass
    frame: pl.DataFrame
    records: int = field(default=-1)

    def __post_init__(self) -> None:
        have = self.frame.schema
        odd = {name: dtype for name, dtype in have.items() if dtype_of(self.kind, name) != dtype}
        if odd:
            raise SchemaError(f"{self.kind.name}: no such columns, or of another type: {odd}", where="EventBatch")
        if "time" not in have:
            raise SchemaError(f"{self.kind.name}: no column 'time'", where="EventBatch")
        if self.kind is not EventClass.REJECT and self.frame["time"].null_count():
            raise SchemaError(f"{self.kind.name}: 'time' is null in some rows", where="EventBatch")
        if self.records < 0:
            counted = self.kind is EventClass.REJECT and "count" in have
            total = int(self.frame["count"].fill_null(1).sum()) if counted else self.frame.height
            object.__setattr__(self, "records", total)

    def __len__(self) -> int:
        return self.frame.height

    def select(self, columns: Iterable[str]) -> pl.LazyFrame:
        """Return ``columns`` in order; one that the input does not have is null."""
        have, wanted = self.frame.columns, list(columns)
        absent = {c: pl.lit(None, dtype=dtype_of(self.kind, c)) for c in wanted if c not in have}
        return self.frame.lazy().with_columns(**absent).select(wanted)

    def named(self, log_name: str) -> EventBatch:
        """Return the batch with ``metadata.log_name``, unless its rows have one."""
        if not log_name or "metadata.log_name" in self.frame.columns:
            return self
        return EventBatch(self.kind, self.frame.with_columns(pl.lit(log_name).alias("metadata.log_name")), self.records)

    def missing(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return those of ``columns`` that are absent or null in every row."""
        frame = self.frame
        return tuple(c for c in columns if c not in frame.columns or frame[c].null_count() == frame.height)


@dataclass(slots=True)
class Rejects:
    """Collects bad records as a source meets them; alike ones become one row, so memory is bounded.

    Example:
        >>> rejects = Rejects("zeek")
        >>> rejects.add(sequence=7, offset=512, reason="not JSON", raw=b"{oops")
        >>> rejects.batch().frame["status_detail"].to_list()
        ['not JSON (first at byte 512)']
    """

    source: str
    _rows: dict[str, tuple[int, int, str, int]] = field(default_factory=dict)

    def add(self, *, sequence: int, offset: int, reason: str, raw: bytes = b"", count: int = 1) -> None:
        """Count a bad record; the first of each ``reason`` (a few fixed words, never data) keeps place and bytes."""
        if reason in self._rows:
            seq, off, text, n = self._rows[reason]
            self._rows[reason] = (seq, off, text, n + count)
        else:
            self._rows[reason] = (sequence, offset, raw[:RAW_LIMIT].decode("utf-8", "backslashreplace"), count)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def batch(self) -> EventBatch:
        """Return what was collected since the last call, as one batch of class REJECT."""
        rows, self._rows = self._rows, {}
        base = SCHEMAS[EventClass.REJECT]
        columns = (
            "time",
            "status_id",
            "status_detail",
            "raw_data",
            "count",
            "metadata.sequence",
            "metadata.log_provider",
        )
        frame = pl.DataFrame(
            [
                (None, 2, f"{reason} (first at byte {off})", text, n, seq, self.source)
                for reason, (seq, off, text, n) in rows.items()
            ],
            schema={c: base[c] for c in columns},
            orient="row",
        )
        return EventBatch(EventClass.REJECT, frame)
