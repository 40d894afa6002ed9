"""Decoded records as typed frames: one column per field that an event's expressions read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from ipaddress import IPv6Address
from operator import attrgetter
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, STRINGS, TIME
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.records import Answer, Dns, Eve

SEQUENCE = "metadata.sequence"
DType = pl.DataType | type[pl.DataType]

_TYPES: dict[Any, DType] = {str: pl.String, int: pl.Int64, list[str]: STRINGS}
_PORTS = frozenset({"src_port", "dest_port", "alert.source.port", "alert.target.port"})
_FULL_IPV6 = 39
"""Characters of an IPv6 address with all its zeroes, as Suricata writes them."""


def frame(rows: Sequence[Eve], sequence: Sequence[int], event: Event) -> pl.DataFrame:
    """Return (n_rows,) records as the fields that the event reads, with ``SEQUENCE``."""
    wanted = _fields_of(event)
    found = _columns(rows, Eve, "", wanted)
    for part in event.parts:
        found |= _columns(list(map(_getter(part), rows)), _struct_of(part), part + ".", wanted)
    if "dns" in event.parts:
        found |= _dns([r.dns or Dns() for r in rows])
    typed = {name: _TYPED.get(name, _as_is)(column) for name, column in found.items()}
    return pl.DataFrame(typed | {SEQUENCE: pl.Series(sequence, dtype=pl.Int64)})


def batch(typed: pl.DataFrame, event: Event, records: int = -1) -> EventBatch:
    """Return the rows in OCSF; ``time`` is not null in any."""
    schema = SCHEMAS[event.kind]
    extra = [c for c in (SEQUENCE, "unmapped") if c in typed.columns]
    rows = typed.select(*(e.cast(schema[c]).alias(c) for c, e in event.columns.items()), *extra)
    return EventBatch(event.kind, rows, records)


def _columns(
    rows: Sequence[Any], struct: type[msgspec.Struct], prefix: str, wanted: frozenset[str]
) -> dict[str, pl.Series]:
    """Return the wanted plain fields of the structs as columns; a struct that is None has none."""
    fields = [(name, dtype) for name, dtype in _leaves(struct) if prefix + name in wanted]
    if fields and None in rows:
        empty = struct() if prefix else None
        rows = [empty if r is None else r for r in rows]
    return {
        prefix + name: pl.Series(prefix + name, list(map(attrgetter(name), rows)), dtype=dtype)
        for name, dtype in fields
    }


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
    for name in part.split("."):
        struct = _plain(get_type_hints(struct)[name])
    return struct  # type: ignore[no-any-return]


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


@cache
def _fields_of(event: Event) -> frozenset[str]:
    """Return the fields that the expressions of an event read."""
    return frozenset(name for e in event.columns.values() for name in e.meta.root_names())


HEAD = frozenset({"timestamp", "event_type", "flow_id", "src_ip", "src_port", "dest_ip", "dest_port"})
"""The fields that every record has columns for."""

# ------------------------------------------------------------------------------------------------------------- the typed ones


def _as_is(column: pl.Series) -> pl.Series:
    return column


def _time(column: pl.Series) -> pl.Series:
    """Return times out of ``2026-01-02T03:04:05.678901+0100`` (or a Z, or no zone: UTC)."""
    times = column.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False)
    if times.null_count() > column.null_count():
        bare = column.str.strip_suffix("Z").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        times = pl.select(pl.coalesce(times, bare.dt.replace_time_zone("UTC"))).to_series()
    return times.cast(TIME).alias(column.name)


def _address(column: pl.Series) -> pl.Series:
    """Return addresses as everybody else writes them; the loop runs over the distinct full IPv6 addresses."""
    full = column.filter(column.str.len_bytes() == _FULL_IPV6).unique()
    if full.is_empty():
        return column
    return column.replace(full, pl.Series([_short(a) for a in full], dtype=pl.String))


def _short(address: str) -> str:
    try:
        return IPv6Address(address).compressed
    except ValueError:
        return address


def _hex(column: pl.Series) -> pl.Series:
    return column.str.to_integer(base=16, strict=False).cast(pl.Int32, strict=False)


def _port(column: pl.Series) -> pl.Series:
    return column.cast(pl.Int32)


def _text(column: pl.Series) -> pl.Series:
    return column.cast(pl.String)


_TYPED: dict[str, Callable[[pl.Series], pl.Series]] = {
    **dict.fromkeys(("timestamp", "flow.start", "flow.end", "tls.notbefore", "tls.notafter"), _time),
    **dict.fromkeys(("src_ip", "dest_ip", "alert.source.ip", "alert.target.ip", "arp.src_ip", "arp.dest_ip"), _address),
    **dict.fromkeys(("tcp.tcp_flags", "tcp.tcp_flags_ts", "tcp.tcp_flags_tc"), _hex),
    **dict.fromkeys(_PORTS, _port),
    "flow_id": _text,
}

# -------------------------------------------------------------------------------------------------------------------- answers


def _dns(rows: Sequence[Dns]) -> dict[str, pl.Series]:
    """Return question and answers, which the three versions of ``dns`` keep in different places; lists, so a loop over rows."""
    asked = [r.queries[0] if r.queries else r for r in rows]
    answers = [list(_answers(r)) or None for r in rows]
    texts = {"rrname": pl.String, "rrtype": pl.String}
    lists = {"rrtype": STRINGS, "ttl": pl.List(pl.Int64), "rdata": STRINGS}
    return {
        **{f"dns.{n}": pl.Series(f"dns.{n}", [getattr(r, n) for r in asked], dtype=t) for n, t in texts.items()},
        **{
            f"dns.answers.{n}": pl.Series(
                f"dns.answers.{n}", [a and [getattr(x, n) for x in a] for a in answers], dtype=t
            )
            for n, t in lists.items()
        },
    }


def _answers(row: Dns) -> Iterator[Answer]:
    if row.answers:
        yield from row.answers
    elif row.grouped:
        yield from (Answer(rrtype=kind, rdata=_scalar(v)) for kind, values in row.grouped.items() for v in values)
    elif row.rdata is not None:
        yield Answer(row.rrname, row.rrtype, row.ttl, row.rdata)


def _scalar(value: msgspec.Raw) -> str:
    """Return a text as it is and anything else (a SOA record) as JSON."""
    text = bytes(value).decode("utf-8", "replace")
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return text
    return decoded if isinstance(decoded, str) else text
