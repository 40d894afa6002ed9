"""The W3C extended log format, as IIS writes it (CloudFront too, with tabs) -> request fields; `#Fields` says what each line holds.

https://www.w3.org/TR/WD-logfile: times are UTC. The header may change anywhere; a `#Date` gives the day where lines have only a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC

import polars as pl
from polars import col

from vedette.events.lines import Block
from vedette.sources.weblog.numbered import LINE, SEQUENCE, Numbered
from vedette.sources.weblog.unmapped import unmapped
from vedette.sources.weblog.web_rows import FIELDS
from vedette.sources.weblog.web_times import times

MOST_HEADERS = 64
"""Different headers in one block; what stands under further ones is a reject, so that no input costs more than its size."""
MOST_FIELDS = 256

_NAMES = {
    "date": "date",
    "time": "clock",
    "c-ip": "client",
    "c-port": "client_port",
    "cs-username": "user",
    "cs-method": "method",
    "cs-uri": "uri",
    "cs-uri-stem": "stem",
    "cs-uri-query": "query",
    "cs-version": "version",
    "cs-protocol-version": "version",
    "cs-protocol": "scheme",
    "cs-host": "site",
    "cs(host)": "site",
    "x-host-header": "site",
    "s-ip": "server",
    "s-port": "server_port",
    "sc-status": "code",
    "sc-bytes": "sent",
    "cs-bytes": "received",
    "cs(referer)": "referrer",
    "cs(referrer)": "referrer",
    "cs(user-agent)": "agent",
    "sc(content-type)": "content_type",
    "sc-content-type": "content_type",
    "time-taken": "taken",
}
"""Fields in lower case -> what they are to us; of two that are the same, the first that the log names counts."""

_HEADER, _DATE = r"^#Fields:\s*(.*?)\s*$", r"^#Date:\s*([0-9]{4}-[0-9]{2}-[0-9]{2})"
_FIELD = re.compile(r"[A-Za-z0-9_()./-]{1,64}")
_VALUE = r'"(?:[^"]|"")*"|[^ ]+'
_NO_HEADER = "no readable #Fields line above it"
_TOO_MANY = "too many different headers"
_WIDTH = "wrong number of fields"
_NO_TIME = "no readable date and time"


def fields_of(header: str) -> list[str] | None:
    """Return the names, in lower case, that a `#Fields` line gives; None when they cannot be the columns of a request log."""
    names = header.lower().split()
    fits = len(names) <= MOST_FIELDS and len(set(names)) == len(names) and all(map(_FIELD.fullmatch, names))
    known = {_NAMES.get(n) for n in names}
    return names if fits and "clock" in known and "method" in known and known & {"stem", "uri"} else None


class W3cLines:
    """Reads the blocks of one input in order; the header that stands last is carried over."""

    def __init__(self, numbered: Numbered) -> None:
        self._numbered = numbered
        self._header: str | None = None
        self._date: str | None = None

    def read(self, whole: Iterable[Block]) -> Iterator[pl.DataFrame]:
        """Yield the requests; lines that do not fit their header become rejects."""
        for block in whole:
            for part in self._numbered.records(self._under_headers(self._numbered.lines(block))):
                yield from self._requests(block, part)

    def _under_headers(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Return the lines that are no directives, each with the ``header`` and the ``day`` that stand above it."""
        marked = lines.with_columns(
            header=col(LINE).str.extract(_HEADER).forward_fill().fill_null(pl.lit(self._header, pl.String)),
            day=col(LINE).str.extract(_DATE).forward_fill().fill_null(pl.lit(self._date, pl.String)),
        )
        if len(marked):
            self._header, self._date = marked.select(col("header", "day").last()).row(0)
        return marked.filter(~col(LINE).str.starts_with("#"))

    def _requests(self, block: Block, part: pl.DataFrame) -> Iterator[pl.DataFrame]:
        headers = part["header"].unique(maintain_order=True).to_list()
        known = {h: names for h in headers[:MOST_HEADERS] if h and (names := fields_of(h))}
        many = col("header").is_in(headers[MOST_HEADERS:])
        self._numbered.reject(block, part.filter(many), _TOO_MANY)
        self._numbered.reject(block, part.filter(~many.fill_null(value=False) & ~_is_one_of(known)), _NO_HEADER)
        found = [self._typed(block, part.filter(col("header") == h), names) for h, names in known.items()]
        if found:
            yield pl.concat(found, how="diagonal").sort(SEQUENCE)

    def _typed(self, block: Block, lines: pl.DataFrame, names: list[str]) -> pl.DataFrame:
        """Return the requests among lines of one header."""
        rows, odd = _split(lines, len(names))
        self._numbered.reject(block, odd, _WIDTH)
        texts, others = _roles(names)
        rows = rows.with_columns(unmapped(rows, others), *(e.alias(role) for role, e in texts.items()))
        stamp = pl.concat_str("date" if "date" in texts else "day", "clock", separator="T")
        timed = rows.hstack(times(rows.select(stamp.alias("stamp"))["stamp"], UTC).select(col("time").alias("at")))
        self._numbered.reject(block, timed.filter(col("at").is_null()), _NO_TIME)
        timed = timed.filter(col("at").is_not_null()).with_columns(_derived(set(texts)))
        return timed.select(SEQUENCE, col("at").alias("time"), *(f for f in FIELDS if f in timed.columns))


def _is_one_of(headers: Iterable[str]) -> pl.Expr:
    return col("header").is_in(list(headers)).fill_null(value=False)


def _split(lines: pl.DataFrame, width: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the lines with as many values as the header names, in ``field_0`` and so on, and the others."""
    found = []
    for separator in ("\t", " "):
        fits = lines[LINE].str.count_matches(separator, literal=True) == width - 1
        some, lines = lines.filter(fits), lines.filter(~fits)
        found.append(some.hstack(some[LINE].str.split_exact(separator, width - 1).struct.unnest()))
    quoted = lines[LINE].str.extract_all(_VALUE)
    fits = quoted.list.len() == width
    values = quoted.filter(fits).list.to_struct(fields=[f"field_{i}" for i in range(width)]).struct.unnest()
    found.append(lines.filter(fits).hstack(values))
    return pl.concat(found).sort(SEQUENCE), lines.filter(~fits)


def _roles(names: list[str]) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """Return the values with a place of their own, and the others."""
    texts: dict[str, pl.Expr] = {}
    others: dict[str, pl.Expr] = {}
    for number, name in enumerate(names):
        value = col(f"field_{number}")
        value = pl.when(~value.is_in(("-", '"-"', ""))).then(value.str.strip_chars('"'))
        role = _NAMES.get(name, "")
        if role and role not in texts:
            texts[role] = value
        else:
            others[name] = value
    return texts, others


def _derived(roles: set[str]) -> list[pl.Expr]:
    """Return the fields that take more than a name."""
    made = {
        "target": _target(roles),
        "agent": pl.when(col("agent").str.contains(" ", literal=True)).then("agent").otherwise(_PLUS),
        "version": col("version").str.strip_prefix("HTTP/"),
        "milliseconds": pl.when(col("taken").str.contains(".", literal=True)).then(_TAKEN * 1000).otherwise(_TAKEN),
    }
    fed = {"target": roles & {"stem", "uri"}, "milliseconds": roles & {"taken"}}
    return [e.cast(pl.String).alias(name) for name, e in made.items() if fed.get(name, name in roles)]


_PLUS = col("agent").str.replace_all("+", " ", literal=True)
"""IIS writes the spaces of an agent so."""
_TAKEN = col("taken").cast(pl.Float64, strict=False)
"""Milliseconds as a whole number (IIS), seconds with a point (the draft, CloudFront)."""


def _target(roles: set[str]) -> pl.Expr:
    if "stem" not in roles:
        return col("uri")
    asked = pl.concat_str("stem", "query", separator="?", ignore_nulls=True) if "query" in roles else col("stem")
    return pl.when(col("stem").is_not_null()).then(asked)
