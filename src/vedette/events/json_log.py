"""Reads a log of JSON objects whose fields a table names: frames of text columns, rejects, and times as services write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import polars as pl
from polars import col

from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.json_fields import Fields
from vedette.events.jsonlines import JsonLines
from vedette.events.lines import Block
from vedette.events.schema import SCHEMAS, TIME, UNMAPPED, EventClass
from vedette.events.times import believed

SEQUENCE = "metadata.sequence"
NO_TIME = "no readable time"
BATCH_ROWS = 50_000

_EPOCH = r"^[0-9]{9,13}(?:\.[0-9]{1,6})?$"
_MILLISECONDS_FROM = 1e11
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"

Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
Split = Callable[[pl.DataFrame], Iterable[tuple[EventClass, pl.DataFrame]]]


class JsonLog:
    """One reading of one input.

    Args:
        source: its name.
        paths: column -> where it stands (``events.json_fields``); ``time`` is one of them.
        needed: columns without which a record is none of this log.
        change: makes records over before the columns are read: unfolds what the table cannot say.
    """

    def __init__(
        self, source: str, paths: Mapping[str, tuple[str, ...]], needed: tuple[str, ...], change: Change | None = None
    ) -> None:
        self.lines = JsonLines(source)
        self._fields = Fields(paths)
        self._needed, self._change = needed, change
        self._decoder: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])

    def batches(self, whole: Iterable[Block], split: Split) -> Iterator[EventBatch]:
        """Yield the batches of a log (``events.json_records``) as ``split`` tells rows apart by class, then the rejects.

        Raises:
            SourceError: nothing after this point can be read; what was read before has been yielded.
        """
        cut: SourceError | None = None
        try:
            for frame in self._frames(whole):
                for kind, rows in split(frame):
                    if rows.height:
                        yield EventBatch(kind, shaped(rows, kind))
        except SourceError as error:
            cut = error
        if self.lines.rejects:
            yield self.lines.rejects.batch()
        if cut:
            raise cut

    def _frames(self, whole: Iterable[Block]) -> Iterator[pl.DataFrame]:
        missing = pl.any_horizontal(col(c).is_null() for c in self._needed) if self._needed else pl.lit(value=False)
        strange = f"lacks {' or '.join(self._needed)}: no record of this log"
        for block in whole:
            parts = []
            for rows, numbers in self.lines.read(block, self._decoder):
                if rows:
                    told = self._fields.frame(self._change(rows) if self._change else rows)
                    parts.append(told.with_columns(pl.Series(SEQUENCE, numbers, dtype=pl.Int64)))
            if not parts:
                continue
            frame = pl.concat(parts)
            frame = frame.with_columns(time=times(frame["time"]))
            for bad, reason in ((missing, strange), (col("time").is_null(), NO_TIME)):
                odd = frame.filter(bad)[SEQUENCE]
                if len(odd):
                    self.lines.reject(block, set(odd), reason)
                    frame = frame.filter(~bad)
            if frame.height:
                yield frame


def times(texts: pl.Series) -> pl.Series:
    """Return times in UTC: ISO 8601 with a blank or a T and any fraction, without a zone in UTC; seconds or milliseconds since 1970.

    Example:
        >>> [str(t) for t in times(pl.Series(["2026-01-02 03:04:05.5", "1767323045500", "soon"]))]
        ['2026-01-02 03:04:05.500000+00:00', '2026-01-02 03:04:05.500000+00:00', 'None']
    """
    text = col("text").str.slice(0, 40)
    number = pl.when(text.str.contains(_EPOCH)).then(text.cast(pl.Float64, strict=False))
    seconds = pl.when(number > _MILLISECONDS_FROM).then(number / 1000).otherwise(number)
    epoch = (seconds * 1e6).round().cast(pl.Int64).cast(TIME)
    iso = text.str.replace(r"^(\d{4}-\d{2}-\d{2}) ", "${1}T").str.replace(
        r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z?)$", "${1}:00${2}"
    )
    iso = iso.str.replace(r" ?(?:UTC|\+0000)$", "Z")
    zoned = pl.when(iso.str.contains(_ZONE)).then(iso).otherwise(iso + "Z")
    moment = zoned.str.to_datetime("%+", time_unit="us", strict=False).cast(TIME)
    frame = pl.DataFrame({"text": texts.cast(pl.String)})
    return frame.select(time=believed(pl.coalesce(epoch, moment)))["time"]


def shaped(rows: pl.DataFrame, kind: EventClass) -> pl.DataFrame:
    """Return the columns of ``rows`` that class ``kind`` has, of its dtypes; columns that hold nothing are left out."""
    schema = SCHEMAS[kind]
    kept = [c for c in rows.columns if (c in schema or c.startswith(UNMAPPED)) and rows[c].null_count() < rows.height]
    return rows.select(_typed(c, rows.schema[c], schema.get(c, pl.String())) for c in kept)


def _typed(name: str, have: pl.DataType, wanted: pl.DataType | type[pl.DataType]) -> pl.Expr:
    if have == wanted:
        return col(name)
    if wanted == pl.Boolean:
        return col(name).str.to_lowercase().replace_strict({"true": True, "false": False}, default=None).alias(name)
    if wanted == pl.List(pl.String):
        return pl.when(col(name).is_not_null()).then(pl.concat_list(col(name))).alias(name)
    return col(name).cast(wanted, strict=False)
