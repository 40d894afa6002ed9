"""Zeek's JSON logs: a block of one kind in one call; a block of several kinds, or with fields we do not map, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
import polars as pl
from msgspec.structs import astuple

from vedette.events.batch import EventBatch
from vedette.events.jsonlines import Int64, JsonLines, Port, one, pieces, whole
from vedette.events.lines import Block
from vedette.events.lists import list_column
from vedette.events.times import believed
from vedette.sources.zeek.fields import LAST_SECOND, LOG_NAME, SEQUENCE, TYPES, UNMAPPED, Log
from vedette.sources.zeek.logs import log_of, path_of
from vedette.sources.zeek.reports import OTHER

_NO_TIME = "no readable time (ts)"
_MILLISECONDS_FROM = 1e11
"""A number of seconds beyond this (the year 5138) is one of milliseconds (Zeek's ``JSON::TS_MILLIS``)."""

_JSON_TYPES: dict[str, Any] = {
    "time": float | str,
    "interval": float | None,
    "count": Int64 | None,
    "port": Port | None,
    "text": str | None,
    "flag": bool | None,
    "texts": list[str | None] | None,
    "intervals": list[float | None] | None,
}
_INNER = {"texts": pl.String, "intervals": pl.Float64}
MOST_EXTRAS = 64
"""Fields beyond our own that the lines of one log may hold before they are read one by one."""

_PLAIN_FIELD = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_PLAIN_PATH = re.compile(rb'"([\w.-]{1,64})"')
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(slots=True)
class _Lines:
    """Decoded records of one log in one piece, with what they hold besides its fields."""

    rows: list[Any] = field(default_factory=list)
    sequence: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    rest: list[str | None] = field(default_factory=list)


class _Columns:
    """The records of one log in one block, column by column."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._values: list[list[Any]] = [[] for _ in log.fields]
        self._lines = _Lines()

    def extend(self, lines: _Lines) -> None:
        """Take the records of a piece, while they are still in the cache."""
        for values, found in zip(
            self._values, zip(*map(astuple, lines.rows), strict=True), strict=False
        ):  # then extras
            values.extend(found)
        self._lines.sequence += lines.sequence
        self._lines.paths += lines.paths
        self._lines.rest += lines.rest

    def frame(self) -> pl.DataFrame:
        """Return (n_rows,) typed fields."""
        columns = [
            _column(v, kind).alias(name) for v, (name, kind) in zip(self._values, self._log.fields.items(), strict=True)
        ]
        lines = self._lines
        extra = [pl.Series(LOG_NAME, lines.paths, dtype=pl.String), pl.Series(UNMAPPED, lines.rest, dtype=pl.String)]
        frame = pl.DataFrame([*columns, pl.Series(SEQUENCE, lines.sequence, dtype=pl.Int64), *extra])
        return frame if any(lines.rest) else frame.drop(UNMAPPED)


class JsonLog:
    """Reads the blocks of one input in order."""

    def __init__(self) -> None:
        self.lines = JsonLines("zeek")
        self.rejects = self.lines.rejects
        self._log = OTHER
        self._extras: dict[Log, tuple[str, ...]] = {}

    def read(self, block: Block) -> Iterator[EventBatch]:
        """Yield a batch per kind of log in the block, in order of first appearance."""
        groups: dict[Log, _Columns] = {}
        for piece in pieces(block):
            for log, lines in self._piece(piece).items():
                groups.setdefault(log, _Columns(log)).extend(lines)
                self._log = log
        for log, columns in groups.items():
            yield from self._timed(log, columns.frame(), block)

    def _piece(self, piece: Block) -> dict[Log, _Lines]:
        """Return a piece whose lines are all of the kind seen last in one go; any other line by line."""
        log = self._log
        extras = self._extras.get(log, ())
        rows = whole(piece.data, _decoder(log, extras)) if log.marks and not piece.overlong else None
        if rows is None:
            return self._line_by_line(piece)
        first, self.lines.records = self.lines.records, self.lines.records + len(rows)
        numbers, paths = list(range(first, self.lines.records)), [path_of(log)] * len(rows)
        return {log: _Lines(rows, numbers, paths, _rest(rows, extras))}

    def _line_by_line(self, piece: Block) -> dict[Log, _Lines]:
        groups: dict[Log, _Lines] = {}
        for number, offset, line in self.lines.lines(piece):
            reason = self._line(groups, number, line)
            if reason:
                self.rejects.add(sequence=number, offset=offset, reason=reason, raw=line)
        return groups

    def _line(self, groups: dict[Log, _Lines], number: int, line: bytes) -> str:
        """Add a line to its group, or return why not."""
        members = one(line, _members)
        if isinstance(members, str):
            return members
        named = _PLAIN_PATH.fullmatch(bytes(members.pop("_path", b"")))
        path = named[1].decode() if named else ""
        log = _log_of(path, frozenset(members))
        if "ts" not in members:
            return _NO_TIME
        row = one(line, _decoder(log, None))
        if isinstance(row, str):
            return row
        rest = {name: members[name] for name in sorted(members.keys() - log.fields.keys())}
        if not path:
            self._learn(log, rest)
        group = groups.setdefault(log, _Lines())
        group.rows.append(row)
        group.sequence.append(number)
        group.paths.append(path or path_of(log))
        group.rest.append(_json(rest))
        return ""

    def _learn(self, log: Log, rest: Iterable[str]) -> None:
        """Let the next pieces of this log be taken in one go although they hold these fields."""
        known = self._extras.get(log, ())
        names = frozenset(known).union(rest)
        if len(known) < len(names) <= MOST_EXTRAS and all(map(_PLAIN_FIELD.fullmatch, rest)):
            self._extras[log] = tuple(sorted(names))

    def _timed(self, log: Log, frame: pl.DataFrame, block: Block) -> Iterator[EventBatch]:
        """Yield the rows that have a time; the others are rejects (the place is the block's: the lines are not kept)."""
        late = frame.filter(pl.col("ts").is_null())
        if late.height:
            self.rejects.add(sequence=late[SEQUENCE][0], offset=block.offset, reason=_NO_TIME, count=late.height)
            frame = frame.filter(pl.col("ts").is_not_null())
        if frame.height:
            yield log.batch(frame)


@lru_cache(maxsize=1024)
def _log_of(path: str, names: frozenset[str]) -> Log:
    return log_of(path, names)


@lru_cache(maxsize=256)
def _decoder(log: Log, extras: tuple[str, ...] | None) -> msgspec.json.Decoder[Any]:
    """Return a decoder for lines of a log; with extras, it refuses lines that lack a mark of the log or hold still other fields."""
    strict = extras is not None
    attributes: list[Any] = []
    for i, (name, kind) in enumerate(log.fields.items()):
        needed = kind == "time" or (strict and name in log.marks)
        attributes.append((f"f{i}", _JSON_TYPES[kind]) if needed else (f"f{i}", _JSON_TYPES[kind], None))
    attributes += [(f"x{i}", msgspec.Raw, None) for i, _ in enumerate(extras or ())]
    names = {f"f{i}": name for i, name in enumerate(log.fields)} | {f"x{i}": n for i, n in enumerate(extras or ())}
    struct = msgspec.defstruct("Record", attributes, rename=names, kw_only=True, gc=False, forbid_unknown_fields=strict)
    return msgspec.json.Decoder(struct)


def _rest(rows: list[Any], extras: tuple[str, ...]) -> list[str | None]:
    """Return what each record holds in the extra fields, as JSON."""
    if not extras:
        return [None] * len(rows)
    columns = [list(map(attrgetter(f"x{i}"), rows)) for i, _ in enumerate(extras)]
    return [_json(dict(zip(extras, values, strict=True))) for values in zip(*columns, strict=True)]


def _json(rest: Mapping[str, msgspec.Raw | None]) -> str | None:
    """Return the fields that are there as a JSON object, None when there are none."""
    there = {name: value for name, value in rest.items() if value is not None}
    return msgspec.json.encode(there).decode("utf-8", "replace") if there else None


def _column(values: list[Any], kind: str) -> pl.Series:
    """Return decoded values as a column of their type."""
    if kind == "time":
        return _times(values)
    if kind in _INNER:
        return list_column("list", values, _INNER[kind])
    return pl.Series(values, dtype=TYPES[kind])


def _times(values: list[float | str]) -> pl.Series:
    """Return times given in seconds, in milliseconds or in ISO 8601; null where there is none."""
    numbers = pl.Series([None if isinstance(v, str) else v for v in values], dtype=pl.Float64)
    seconds = pl.when(numbers > _MILLISECONDS_FROM).then(numbers / 1000).otherwise(numbers)
    sane = pl.when(seconds.is_between(0, LAST_SECOND)).then(seconds)
    times = (sane * 1e6).round().cast(pl.Int64).cast(TYPES["time"])
    if numbers.null_count():
        texts = pl.Series([v if isinstance(v, str) else None for v in values], dtype=pl.String)
        times = pl.coalesce(
            times,
            believed(
                pl.lit(texts).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC", strict=False)
            ),
        )
    return pl.select(times).to_series()
