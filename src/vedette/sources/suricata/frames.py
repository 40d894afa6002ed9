"""Decoded records as typed frames: one column per field that an event's expressions read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.lists import list_column
from vedette.events.schema import SCHEMAS, STRINGS
from vedette.sources.suricata.answers import answer_columns
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.records import Dns, Eve
from vedette.sources.suricata.typed import typed

SEQUENCE = "metadata.sequence"
SETTLED_ROWS = 2048
"""Records whose values are held as objects; more of them would leave the cache before they are columns."""
DType = pl.DataType | type[pl.DataType]

_TYPES: dict[Any, DType] = {str: pl.String, int: pl.Int64, list[str]: STRINGS}


class Fields:
    """Gathers the fields that an event's expressions read, column by column, while the records are still in the cache."""

    def __init__(self, event: Event) -> None:
        self._columns = _columns_of(event)
        self._has_answers = "dns" in event.parts
        self._settled: list[pl.DataFrame] = []
        self._begin()

    def _begin(self) -> None:
        self._values: dict[str, list[Any]] = {name: [] for _, _, columns in self._columns for name, _, _ in columns}
        self._numbers: list[int] = []
        self._dns: list[Dns] = []

    def extend(self, rows: Sequence[Eve], numbers: Sequence[int]) -> None:
        """Take records of this event and their numbers."""
        self._numbers.extend(numbers)
        for part, empty, columns in self._columns:
            objects = list(map(_getter(part), rows)) if part else rows
            if part and None in objects:
                objects = [empty if o is None else o for o in objects]
            for name, field, _ in columns:
                self._values[name].extend(map(attrgetter(field), objects))
        if self._has_answers:
            self._dns.extend(row.dns or Dns() for row in rows)
        if len(self._numbers) >= SETTLED_ROWS:
            self._settle()

    def frame(self) -> pl.DataFrame:
        """Return (n_rows,) typed fields with ``SEQUENCE``."""
        if self._numbers or not self._settled:
            self._settle()
        return typed(pl.concat(self._settled) if len(self._settled) > 1 else self._settled[0])

    def _settle(self) -> None:
        """Make columns of the values so far, which frees the objects while they are near."""
        found = {
            name: _column(self._values[name], dtype) for _, _, columns in self._columns for name, _, dtype in columns
        }
        if self._dns:
            found |= answer_columns(self._dns)
        self._settled.append(pl.DataFrame(found | {SEQUENCE: pl.Series(self._numbers, dtype=pl.Int64)}))
        self._begin()


def batch(fields: pl.DataFrame, event: Event, records: int = -1) -> EventBatch:
    """Return the rows in OCSF; ``time`` is not null in any."""
    extra = [c for c in (SEQUENCE, "unmapped") if c in fields.columns]
    return EventBatch(event.kind, fields.select(*_outputs(event), *extra), records)


@cache
def _outputs(event: Event) -> tuple[pl.Expr, ...]:
    schema = SCHEMAS[event.kind]
    return tuple(e.cast(schema[c]).alias(c) for c, e in event.columns.items())


@cache
def _columns_of(event: Event) -> tuple[tuple[str, msgspec.Struct | None, tuple[tuple[str, str, DType], ...]], ...]:
    """Return, for the record itself and each part that the event reads: path, an empty one, and (column, field, type) of what is read."""
    wanted = frozenset(name for e in event.columns.values() for name in e.meta.root_names())
    found: list[tuple[str, msgspec.Struct | None, tuple[tuple[str, str, DType], ...]]] = []
    for part in ("", *event.parts):
        struct, prefix = _struct_of(part), part and part + "."
        columns = tuple((prefix + field, field, dtype) for field, dtype in _leaves(struct) if prefix + field in wanted)
        found.append((part, struct() if part else None, columns))
    return tuple(found)


def _column(values: list[Any], dtype: DType) -> pl.Series:
    return list_column("list", values, pl.String) if dtype == STRINGS else pl.Series(values, dtype=dtype)


@cache
def _leaves(struct: type[msgspec.Struct]) -> tuple[tuple[str, DType], ...]:
    """Return the plain fields of a struct with their column types; objects within it have their own call."""
    kinds = {name: _plain(hint) for name, hint in get_type_hints(struct).items()}
    return tuple((name, _TYPES[kind]) for name, kind in kinds.items() if kind in _TYPES)


def _plain(hint: Any) -> Any:  # noqa: ANN401 - a type
    """Return ``T`` of ``T | None``."""
    arguments = get_args(hint)
    return next(a for a in arguments if a is not NoneType) if NoneType in arguments else hint


@cache
def _struct_of(part: str) -> type[msgspec.Struct]:
    """Return the struct at a path such as ``alert.source``."""
    struct: Any = Eve
    for name in filter(None, part.split(".")):
        struct = _plain(get_type_hints(struct)[name])
    return struct  # type: ignore[no-any-return]


@cache
def _getter(part: str) -> Callable[[Eve], Any]:
    """Return what gets the struct at a path out of a record, None where one on the way is missing."""
    first, *others = part.split(".")
    if not others:
        return attrgetter(first)

    def get(row: Eve) -> Any:  # noqa: ANN401 - a struct
        value = getattr(row, first)
        for name in others:
            value = None if value is None else getattr(value, name)
        return value

    return get


HEAD = frozenset({"timestamp", "event_type", "flow_id", "src_ip", "src_port", "dest_ip", "dest_port"})
"""The fields that every record has columns for."""
