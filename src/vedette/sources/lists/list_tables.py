"""Lists with columns: which column holds the value, which the time; CSV lines and JSON lines -> texts."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

VALUES = (
    "url",
    "uri",
    "link",
    "full_url",
    "phish_url",
    "domain",
    "domain_name",
    "fqdn",
    "hostname",
    "host",
    "ip",
    "ip_address",
    "ipv4",
    "ipv6",
    "address",
    "dst_ip",
    "ioc",
    "ioc_value",
    "indicator",
    "observable",
    "value",
)
"""Names of the column that holds the value; the first of these that the list has."""
TIMES = (
    "time",
    "timestamp",
    "datetime",
    "date",
    "first_seen",
    "firstseen",
    "first_seen_utc",
    "dateadded",
    "date_added",
    "submission_time",
    "added",
    "created",
    "created_at",
    "seen",
    "last_seen",
)
_HOSTS = ("hostname", "host")
_LOGS = (
    "method user_agent useragent http_status status_code sc_status cs_uri_stem bytes sport dport src_port dst_port proto protocol "
    "event_type ts request remote_addr request_uri request_method flow_id duration pkts packets amount amt tx_amount "
    "eventid event_id eventtime channel sourcename providername winlog keywords"
)
LOGS = frozenset(_LOGS.split(" "))
"""Columns of logs: a table that has one is no list, whatever else it names."""
_DELIMITERS = ",;\t|"
_SIMPLE = re.compile(r"[\w .:@/()-]{1,64}")
_WIDEST = 256


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table keeps what is wanted.

    Attributes:
        width: how many columns there are; ``value`` and ``time`` their numbers, ``time`` None where there is none.
        hosts: the value's column is one of hosts.
    """

    delimiter: str
    width: int
    value: int
    time: int | None
    hosts: bool


def named(text: str) -> str:
    """Return a column's name as it is looked up."""
    return re.sub(r"[\s-]+", "_", text.strip().strip("\"'").lower())


def header(line: str) -> Columns | None:
    """Return the columns that a CSV's first line names; None where it is no header, or names no value."""
    line = line.strip().lstrip("#").strip()
    delimiter = max(_DELIMITERS, key=line.count)
    cells = [named(c) for c in cut(line, delimiter)]
    known = {name: i for i, name in reversed(list(enumerate(cells)))}
    value = next((n for n in VALUES if n in known), None)
    wrong = len(cells) > _WIDEST or not all(_SIMPLE.fullmatch(c) for c in cells if c) or LOGS & known.keys()
    if value is None or wrong or (len(cells) == 1 and line != line.strip(_DELIMITERS)):
        return None
    time = next((known[n] for n in TIMES if n in known), None)
    return Columns(delimiter, len(cells), known[value], time, value in _HOSTS)


def cut(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line; a quote that is not closed ends with the line."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration):  # a cell beyond csv's limit of 128 KiB
        return []


def cells(lines: Sequence[str], columns: Columns) -> tuple[list[str | None], list[str | None]]:
    """Return value and time of each line; a line whose cells do not fit the header has no value.

    A loop over lines: a quoted cell may hold the delimiter, and a bad line must not change what its neighbours say.
    """
    values: list[str | None] = []
    times: list[str | None] = []
    for line in lines:
        row = cut(line, columns.delimiter)
        fits = len(row) >= columns.width or len(row) > max(columns.value, columns.time or 0)
        values.append(row[columns.value] if fits else None)
        times.append(row[columns.time] if fits and columns.time is not None else None)
    return values, times


# ------------------------------------------------------------------------------------------------------------------ JSON

_Line = msgspec.defstruct("_Line", [(n, Any, None) for n in (*VALUES, *TIMES)], gc=False)
decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Line)


def keys(line: bytes) -> list[str]:
    """Return the keys of an object, as they are looked up; none where it is no object."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    return list(found) if isinstance(found, dict) else []


def fields(rows: Sequence[Any]) -> tuple[list[str | None], list[str | None], list[bool]]:
    """Return value and time of each object, as texts, and whether the value stood under a key of hosts."""
    values: list[str | None] = []
    times: list[str | None] = []
    hosts: list[bool] = []
    for row in rows:  # objects of any keys: looked at one by one
        name = next((n for n in VALUES if isinstance(getattr(row, n), str)), None)
        values.append(getattr(row, name) if name else None)
        hosts.append(name in _HOSTS)
        time = next((t for n in TIMES if (t := getattr(row, n)) is not None), None)
        times.append(str(time) if isinstance(time, (str, int, float)) else None)
    return values, times, hosts
