"""Decoded records as typed frames: one column per field that an event's expressions read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec
import polars as pl
from msgspec.structs import astuple

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


class _Part(NamedTuple):
    """An object of the record that an event reads, or (path "") the record itself.

    Attributes:
        place: where its object stands among the fields of its parent.
        empty: what stands for a missing one.
        columns: (column, place among its fields, type) of what is read.
    """

    path: str
    place: int
    empty: msgspec.Struct | None
    columns: tuple[tuple[str, int, DType], ...]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]


class Fields:
    """Gathers the fields that an event's expressions read, column by column, while the records are still in the cache."""

    def __init__(self, event: Event) -> None:
        self._parts = _parts_of(event)
        self._settled: list[pl.DataFrame] = []
        self._begin()

    def _begin(self) -> None:
        self._values: dict[str, list[Any]] = {name: [] for part in self._parts for name, _, _ in part.columns}
        self._numbers: list[int] = []
        self._dns: list[Dns] = []

    def extend(self, rows: Sequence[Eve], numbers: Sequence[int]) -> None:
        """Take records of this event, at least one, and their numbers."""
        self._numbers.extend(numbers)
        found: dict[str, list[tuple[Any, ...]]] = {}
        for part in self._parts:
            objects: Sequence[Any] = found[part.parent][part.place] if part.path else rows
            if part.path and None in objects:
                objects = [part.empty if o is None else o for o in objects]
            if part.path == "dns":
                self._dns.extend(objects)
            found[part.path] = list(zip(*map(astuple, objects), strict=True))
            for name, place, _ in part.columns:
                self._values[name].extend(found[part.path][place])
        if len(self._numbers) >= SETTLED_ROWS:
            self._settle()

    def frame(self) -> pl.DataFrame:
        """Return (n_rows,) typed fields with ``SEQUENCE``."""
        if self._numbers or not self._settled:
            self._settle()
        return typed(pl.concat(self._settled) if len(self._settled) > 1 else self._settled[0])

    def _settle(self) -> None:
        """Make columns of the values so far, which frees the objects while they are near."""
        found = {name: _column(self._values[name], dtype) for part in self._parts for name, _, dtype in part.columns}
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
def _parts_of(event: Event) -> tuple[_Part, ...]:
    """Return the record itself and each part that the event reads, after its parents."""
    wanted = frozenset(name for e in event.columns.values() for name in e.meta.root_names())
    paths = {path: None for part in ("", *event.parts) for path in _lineage(part)}
    return tuple(_part(path, wanted) for path in paths)


def _lineage(path: str) -> Iterator[str]:
    """Yield ``""``, ``a``, ``a.b`` for ``a.b``."""
    yield ""
    names = path.split(".") if path else []
    yield from (".".join(names[: i + 1]) for i in range(len(names)))


def _part(path: str, wanted: frozenset[str]) -> _Part:
    struct, prefix = _struct_of(path), path and path + "."
    columns = tuple((prefix + f, i, dtype) for f, i, dtype in _leaves(struct) if prefix + f in wanted)
    if not path:
        return _Part(path, -1, None, columns)
    parent, _, name = path.rpartition(".")
    return _Part(path, _struct_of(parent).__struct_fields__.index(name), struct(), columns)


def _column(values: list[Any], dtype: DType) -> pl.Series:
    return list_column("list", values, pl.String) if dtype == STRINGS else pl.Series(values, dtype=dtype)


@cache
def _leaves(struct: type[msgspec.Struct]) -> tuple[tuple[str, int, DType], ...]:
    """Return (name, place, column type) of the plain fields of a struct; objects within it are parts of their own."""
    hints = get_type_hints(struct)
    kinds = ((name, i, _plain(hints[name])) for i, name in enumerate(struct.__struct_fields__))
    return tuple((name, i, _TYPES[kind]) for name, i, kind in kinds if kind in _TYPES)


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


HEAD = frozenset({"timestamp", "event_type", "flow_id", "src_ip", "src_port", "dest_ip", "dest_port"})
"""The fields that every record has columns for."""
