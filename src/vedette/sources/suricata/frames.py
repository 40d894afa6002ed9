"""Decoded records as typed frames: one column per field that an event's expressions read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import IPv6Address
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.jsonlines import one
from vedette.events.lists import list_column, list_columns
from vedette.events.schema import SCHEMAS, STRINGS, TIME
from vedette.events.times import believed, written
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.records import Answer, Dns, Eve

SEQUENCE = "metadata.sequence"
DType = pl.DataType | type[pl.DataType]

_TYPES: dict[Any, DType] = {str: pl.String, int: pl.Int64, list[str]: STRINGS}
_FULL_IPV6 = 39
"""Characters of an IPv6 address with all its zeroes, as Suricata writes them."""


class Fields:
    """Gathers the fields that an event's expressions read, column by column, while the records are still in the cache."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._columns = _columns_of(event)
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
        if "dns" in self._event.parts:
            self._dns.extend(row.dns or Dns() for row in rows)

    def frame(self) -> pl.DataFrame:
        """Return (n_rows,) typed fields with ``SEQUENCE``."""
        found = {
            name: _column(self._values[name], dtype) for _, _, columns in self._columns for name, _, dtype in columns
        }
        if self._dns:
            found |= _dns(self._dns)
        return _typed(pl.DataFrame(found | {SEQUENCE: pl.Series(self._numbers, dtype=pl.Int64)}))


def batch(typed: pl.DataFrame, event: Event, records: int = -1) -> EventBatch:
    """Return the rows in OCSF; ``time`` is not null in any."""
    extra = [c for c in (SEQUENCE, "unmapped") if c in typed.columns]
    return EventBatch(event.kind, typed.select(*_outputs(event), *extra), records)


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

# ------------------------------------------------------------------------------------------------------------- the typed ones


def _time(name: str) -> pl.Expr:
    """Return times out of ``2026-01-02T03:04:05.678901+0100``."""
    return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False).cast(TIME)


def _bare_time(name: str) -> pl.Expr:
    """Return times with a Z or no zone, which are UTC."""
    text = pl.col(name).str.strip_suffix("Z")
    return (
        text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        .dt.replace_time_zone("UTC")
        .cast(TIME)
    )


def _hex(name: str) -> pl.Expr:
    return pl.col(name).str.to_integer(base=16, strict=False).cast(pl.Int32, strict=False)


def _port(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32)


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


_LIMITS = {
    **dict.fromkeys(("timestamp", "flow.start", "flow.end"), believed),
    **dict.fromkeys(("tls.notbefore", "tls.notafter"), written),
}
"""Times, and which of them are taken: a certificate may say any year."""
_TIMES = frozenset(_LIMITS)
_ADDRESSES = frozenset({"src_ip", "dest_ip", "alert.source.ip", "alert.target.ip", "arp.src_ip", "arp.dest_ip"})
_TYPED: dict[str, Callable[[str], pl.Expr]] = {
    **dict.fromkeys(_TIMES, _time),
    **dict.fromkeys(("tcp.tcp_flags", "tcp.tcp_flags_ts", "tcp.tcp_flags_tc"), _hex),
    **dict.fromkeys(("src_port", "dest_port", "alert.source.port", "alert.target.port"), _port),
    "flow_id": _text,
}


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the columns as read with their types; the second look at times and addresses is for the few files that need it."""
    typed = raw.with_columns(_TYPED[name](name) for name in raw.columns if name in _TYPED)
    for name in _TIMES.intersection(raw.columns):
        if typed[name].null_count() > raw[name].null_count():
            typed = typed.with_columns(typed[name].fill_null(raw.select(_bare_time(name)).to_series()))
    typed = typed.with_columns(_LIMITS[name](pl.col(name)).alias(name) for name in _TIMES.intersection(raw.columns))
    addresses = sorted(_ADDRESSES.intersection(raw.columns))
    longest = raw.select(pl.max_horizontal(pl.col(addresses).str.len_bytes().max())).item()
    return typed.with_columns(_shortened(raw[name]) for name in addresses) if (longest or 0) >= _FULL_IPV6 else typed


def _shortened(column: pl.Series) -> pl.Series:
    """Return addresses as everybody else writes them; the loop runs over the distinct full IPv6 addresses."""
    full = column.filter(column.str.len_bytes() == _FULL_IPV6).unique()
    return column.replace(full, pl.Series([_short(a) for a in full], dtype=pl.String))


def _short(address: str) -> str:
    try:
        return IPv6Address(address).compressed
    except ValueError:
        return address


# -------------------------------------------------------------------------------------------------------------------- answers


def _dns(rows: Sequence[Dns]) -> dict[str, pl.Series]:
    """Return question and answers, which the three versions of ``dns`` keep in different places; lists, so a loop over rows."""
    asked = [r.queries[0] if r.queries else r for r in rows]
    answers = [_answers(r) for r in rows]
    flat = [answer for found in answers for answer in found]
    parts = {
        "dns.answers.rrtype": pl.Series([a.rrtype for a in flat], dtype=pl.String),
        "dns.answers.ttl": pl.Series([a.ttl for a in flat], dtype=pl.Int64),
        "dns.answers.rdata": pl.Series([a.rdata for a in flat], dtype=pl.String),
    }
    question = {f"dns.{n}": pl.Series([getattr(r, n) for r in asked], dtype=pl.String) for n in ("rrname", "rrtype")}
    return question | list_columns(list(map(len, answers)), parts)


def _answers(row: Dns) -> Sequence[Answer]:
    if row.answers:
        return row.answers
    if grouped_text := bytes(row.grouped):
        grouped = one(grouped_text, _grouped)
        return (
            []
            if isinstance(grouped, str)
            else [Answer(kind, None, _scalar(v)) for kind, values in grouped.items() for v in values]
        )
    return () if row.rdata is None else (Answer(row.rrtype, row.ttl, row.rdata),)


_grouped = msgspec.json.Decoder(dict[str, list[msgspec.Raw]])


def _scalar(value: msgspec.Raw) -> str:
    """Return a text as it is and anything else (a SOA record) as JSON."""
    text = bytes(value).decode("utf-8", "replace")
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return text
    return decoded if isinstance(decoded, str) else text
