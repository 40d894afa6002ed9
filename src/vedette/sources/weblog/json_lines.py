"""Access logs in JSON, a request a line: Caddy, Traefik, and nginx or Apache with keys as people usually name them -> request fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import polars as pl
from polars import col

from vedette.events.jsonlines import JsonLines
from vedette.events.lines import Block
from vedette.sources.weblog.numbered import ROWS, SEQUENCE
from vedette.sources.weblog.request_line import split_requests
from vedette.sources.weblog.unmapped import unmapped
from vedette.sources.weblog.web_rows import FIELDS
from vedette.sources.weblog.web_times import times

KEYS: dict[str, tuple[str, ...]] = {
    "stamp": ("ts", "time_iso8601", "time_local", "msec", "StartUTC", "@timestamp", "timestamp", "time"),
    "client": (
        "remote_addr",
        "client_ip",
        "remote_ip",
        "ClientHost",
        "ClientAddr",
        "clientip",
        "remoteIP",
        "remote_host",
    ),
    "client_port": ("remote_port", "ClientPort"),
    "user": ("remote_user", "user_id", "ClientUsername", "user"),
    "method": ("request_method", "RequestMethod", "method", "verb"),
    "target": ("request_uri", "RequestPath", "uri", "url", "path"),
    "version": ("server_protocol", "RequestProtocol", "protocol", "http_version"),
    "site": ("http_host", "host", "RequestHost", "server_name", "vhost"),
    "scheme": ("scheme", "RequestScheme"),
    "server": ("server_addr",),
    "server_port": ("server_port", "RequestPort"),
    "code": ("status", "DownstreamStatus", "response_code", "status_code", "response"),
    "sent": ("body_bytes_sent", "DownstreamContentSize", "bytes_sent", "size", "bytes"),
    "received": ("request_length", "bytes_read", "RequestContentSize"),
    "referrer": ("http_referer", "http_referrer", "request_Referer", "referer", "referrer"),
    "agent": ("http_user_agent", "request_User-Agent", "user_agent", "agent", "userAgent"),
    "content_type": ("sent_http_content_type", "content_type"),
    "seconds": ("request_time", "duration"),
    "nanoseconds": ("Duration",),
}
"""Field -> the keys that hold it; the first that a line has counts. `request` is the request line, or Caddy's object."""

_SCALAR = str | int | float | bool | None
_NAMES = {f"k{i}": key for i, key in enumerate(dict.fromkeys(k for keys in KEYS.values() for k in keys))}
_ATTRIBUTES = {key: name for name, key in _NAMES.items()}
_CADDY = {
    "client": "client_ip",
    "peer": "remote_ip",
    "peer_port": "remote_addr",
    "client_port": "remote_port",
    "version": "proto",
    "method": "method",
    "site": "host",
    "target": "uri",
}


class _Headers(msgspec.Struct, gc=False):
    agent: list[str] | None = msgspec.field(name="User-Agent", default=None)
    referrer: list[str] | None = msgspec.field(name="Referer", default=None)


_Request = msgspec.defstruct(
    "_Request", [*((n, _SCALAR, None) for n in _CADDY), ("headers", _Headers | None, None)], rename=_CADDY, gc=False
)
_Line = msgspec.defstruct(
    "_Line", [*((n, _SCALAR, None) for n in _NAMES), ("request", str | _Request | None, None)], rename=_NAMES, gc=False
)
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Line)
_PEERS = {"client": ("peer", "peer_port")}
_ASKED = pl.any_horizontal(col(c).is_not_null() for c in ("method", "target", "line", "code"))
_NO_TIME, _NO_REQUEST = "no readable time", "an object that is no web request"

MARKS = (
    (b'"remote_addr"', b'"status"'),
    (b'"request_uri"', b'"status"'),
    (b'"request_method"', b'"status"'),
    (b'"http.log.access', b'"request"'),
    (b'"ClientHost"', b'"RequestMethod"'),
    (b'"ClientAddr"', b'"RequestMethod"'),
    (b'"http_user_agent"', b'"request"'),
    (b'"remoteIP"', b'"request"'),
)
"""Keys of which one set stands in the first line of such a log."""
_OTHERS = (b'"event_type"', b'"id.orig_h"', b'"__CURSOR"')
"""Keys of others' logs (EVE, Zeek, the journal)."""


def is_access_json(head: bytes) -> bool:
    """Say whether the first line is an object with the keys of a request."""
    line = head.lstrip().partition(b"\n")[0]
    return (
        line.startswith(b"{")
        and any(all(m in line for m in marks) for marks in MARKS)
        and not any(o in line for o in _OTHERS)
    )


def read_json(whole: Iterable[Block], zone: tzinfo, lines: JsonLines) -> Iterator[pl.DataFrame]:
    """Yield the requests in the order of the blocks; lines that are none become rejects."""
    for block in whole:
        bad: dict[str, set[int]] = {_NO_TIME: set(), _NO_REQUEST: set()}
        for part in chain.from_iterable(t.iter_slices(ROWS) for t in _texts(block, lines)):
            rows = _typed(part, zone)
            for keep, reason in ((col("time").is_not_null(), _NO_TIME), (_ASKED, _NO_REQUEST)):
                bad[reason].update(rows.filter(~keep)[SEQUENCE])
                rows = rows.filter(keep)
            yield rows
        for reason, numbers in bad.items():  # once for the block: its lines are searched for them
            if numbers:
                lines.reject(block, numbers, reason)


def _texts(block: Block, lines: JsonLines) -> Iterator[pl.DataFrame]:
    """Yield the block's lines by columns, at about ``ROWS`` at a time: a line of three bytes takes half a kilobyte when it is decoded."""
    held: list[Any] = []
    numbers: list[int] = []
    for rows, sequence in lines.read(block, _decoder):
        held += rows
        numbers += sequence
        if len(held) >= ROWS:
            yield _columns(held, numbers)
            held, numbers = [], []
    yield _columns(held, numbers)


def _columns(rows: list[Any], numbers: list[int]) -> pl.DataFrame:
    """Return (n_lines, ``SEQUENCE``, ``line`` and a column per key or member of Caddy's object that is there, all texts)."""
    columns = {name: list(map(attrgetter(name), rows)) for name in _NAMES}
    requests = [row.request for row in rows]
    columns |= _members(requests)
    columns["line"] = [r if isinstance(r, str) else None for r in requests]
    there = {name: values for name, values in columns.items() if name == "line" or values.count(None) < len(values)}
    texts = [pl.Series(name, values, dtype=pl.String, strict=False) for name, values in there.items()]
    return pl.DataFrame([pl.Series(SEQUENCE, numbers, dtype=pl.Int64), *texts])


def _members(requests: list[Any]) -> dict[str, list[Any]]:
    """Return what Caddy's objects hold, one column each (the loop runs over decoded objects, which are there anyway)."""
    objects = [None if isinstance(r, str) else r for r in requests]
    if not any(objects):
        return {}
    found = {f"caddy_{name}": [r and getattr(r, name) for r in objects] for name in _CADDY}
    headers = [r and r.headers for r in objects]
    for name in ("agent", "referrer"):
        values = [h and getattr(h, name) for h in headers]
        found[f"caddy_{name}"] = [v[0] if v else None for v in values]
    return found


def _typed(texts: pl.DataFrame, zone: tzinfo) -> pl.DataFrame:
    """Return requests; ``time`` is null where there is none."""
    roles = {role: _first(texts, role, keys) for role, keys in KEYS.items()}
    rows = split_requests(texts.select(SEQUENCE, "line"))
    rows = (
        texts.select(SEQUENCE, *(e.alias(role) for role, e in roles.items()))
        .with_columns(rows["line"], *(pl.coalesce(role, rows[role]).alias(role) for role in ("method", "target")))
        .with_columns(pl.coalesce(col("version").str.strip_prefix("HTTP/"), rows["version"]).alias("version"))
    )
    rows = rows.hstack(times(rows["stamp"], zone))
    assumed = {"zone_assumed": pl.when("assumed").then(pl.lit(str(zone)))}
    taken = pl.coalesce(
        col("seconds").cast(pl.Float64, strict=False) * 1e3, col("nanoseconds").cast(pl.Float64, strict=False) / 1e6
    )
    rows = rows.with_columns(taken.cast(pl.String).alias("milliseconds"), unmapped(rows, assumed))
    return rows.select(SEQUENCE, "time", *(f for f in FIELDS if f in rows.columns))


def _first(texts: pl.DataFrame, role: str, keys: tuple[str, ...]) -> pl.Expr:
    """Return the first value of a field that says something."""
    names = [f"caddy_{n}" for n in (role, *_PEERS.get(role, ()))] + [_ATTRIBUTES[k] for k in keys]
    said = [pl.when(~col(n).is_in(("", "-"))).then(n) for n in names if n in texts.columns]
    return pl.coalesce(*said, pl.lit(None, pl.String))
