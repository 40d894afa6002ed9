"""Parsed requests of any form of log -> HTTP Activity: one table of expressions over named text fields."""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.weblog.web_clients import IPV4, clients

FIELDS = (
    "client",  # an address, perhaps with a port; or a name
    "client_port",
    "user",
    "method",
    "target",  # what was asked for, as it was written: path and query, or a whole URL
    "version",
    "line",  # the request line where it is none: neither method nor target are known
    "site",  # the name (and port) that was asked for
    "scheme",
    "server",
    "server_port",
    "code",
    "reason",
    "sent",  # bytes of the answer; "-" is none
    "received",  # bytes of the request
    "referrer",
    "agent",
    "content_type",
    "milliseconds",
    "unmapped",
)
"""What a reader may give, all texts, beside ``metadata.sequence`` and ``time``; absent fields are null."""

_METHODS = {"CONNECT": 1, "DELETE": 2, "GET": 3, "HEAD": 4, "OPTIONS": 5, "POST": 6, "PUT": 7, "TRACE": 8, "PATCH": 9}
_OTHER_METHOD = 99
_ABSOLUTE = r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,15})://(?:[^/?#@]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]*)(?::[0-9]*)?(?P<rest>.*)$"
_IPV6 = r"^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$"
_CODES, _FIRST_ERROR, _LAST_PORT = (100, 999), 400, 65_535


def batch(frame: pl.DataFrame) -> EventBatch:
    """Return the rows of a frame with ``metadata.sequence``, ``time`` (never null) and any of ``FIELDS``."""
    absent = [pl.lit(None, dtype=pl.String).alias(f) for f in FIELDS if f not in frame.columns]
    schema = SCHEMAS[EventClass.HTTP_ACTIVITY]
    said = pl.concat([frame.with_columns(absent), clients(_text(frame, "client"))], how="horizontal")
    said = said.with_columns(_asked())
    columns = said.select("metadata.sequence", "time", *(e.alias(c) for c, e in _COLUMNS.items()))
    kept = [s.name for s in columns if s.null_count() < len(s) or s.name == "time"]
    return EventBatch(EventClass.HTTP_ACTIVITY, columns.select(col(c).cast(schema[c]) for c in kept))


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name] if name in frame.columns else pl.Series(name, [None], pl.String).new_from_index(0, len(frame))


def _asked() -> list[pl.Expr]:
    """Return ``host`` (without its port), ``path``, ``query`` and ``protocol`` (of the URL), out of target, site and scheme."""
    target, connect = col("target"), col("method") == "CONNECT"
    whole = pl.when(~target.str.starts_with("/")).then(target).str.extract_groups(_ABSOLUTE).struct
    site = pl.coalesce(whole["host"], pl.when(connect).then(target), "site").str.replace(r":[0-9]{0,5}$", "")
    rest = whole["rest"].replace("", "/")
    local = pl.when(~connect.fill_null(value=False)).then(pl.coalesce(rest, target)).str.splitn("?", 2).struct
    https = col("site").str.ends_with(":443") | (col("server_port") == "443")
    protocol = pl.coalesce(whole["scheme"], "scheme", pl.when(https).then(pl.lit("https")), pl.lit("http"))
    return [
        pl.when(site != "").then(site.str.to_lowercase()).alias("host"),
        local["field_0"].alias("path"),
        local["field_1"].alias("query"),
        protocol.str.to_lowercase().alias("protocol"),
        whole["scheme"].str.to_lowercase().alias("asked_scheme"),
    ]


def _count(name: str) -> pl.Expr:
    """Return a number of bytes, null where the text is none; "-" is how the common log format writes 0."""
    number = col(name).replace("-", "0").cast(pl.Int64, strict=False)
    return pl.when(number >= 0).then(number)


def _port(name: str) -> pl.Expr:
    number = col(name).cast(pl.Int32, strict=False)
    return pl.when(number.is_between(0, _LAST_PORT)).then(number)


def _known(name: str) -> pl.Expr:
    """Return a text, null where it is empty or "-"."""
    return pl.when(~col(name).is_in(("", "-"))).then(name)


_ACTIVITY = col("method").str.to_uppercase().replace_strict(_METHODS, default=_OTHER_METHOD, return_dtype=pl.Int32)
_CODE = col("code").cast(pl.Int32, strict=False)
_VALID_CODE = pl.when(_CODE.is_between(*_CODES)).then(_CODE)
_QUIC = col("version").str.starts_with("3")
_URL = pl.when(col("target").str.starts_with("/") & col("host").is_not_null())
_SERVER = pl.when(col("server").str.contains(IPV4) | col("server").str.contains(_IPV6)).then(
    col("server").str.to_lowercase()
)

_COLUMNS: dict[str, pl.Expr] = {
    "activity_id": pl.when(col("method").is_null()).then(0).otherwise(_ACTIVITY),
    "app_protocol_name": pl.lit("http"),
    "connection_info.protocol_num": pl.when(_QUIC).then(17).otherwise(6),
    "connection_info.protocol_name": pl.when(_QUIC).then(pl.lit("udp")).otherwise(pl.lit("tcp")),
    "connection_info.protocol_ver_id": pl.when(col("address").str.contains(":", literal=True))
    .then(6)
    .when(col("address").is_not_null())
    .then(4),
    "metadata.log_provider": pl.lit("weblog"),
    "src_endpoint.ip": col("address"),
    "src_endpoint.hostname": col("name"),
    "src_endpoint.port": pl.coalesce(_port("client_port"), "port"),
    "dst_endpoint.ip": _SERVER,
    "dst_endpoint.hostname": _URL.then(col("host")),  # a proxy's log names other people's hosts, in whole URLs
    "dst_endpoint.port": _port("server_port"),
    "http_request.http_method": col("method"),
    "http_request.version": col("version"),
    "http_request.url.scheme": col("asked_scheme"),
    "http_request.url.hostname": col("host"),
    "http_request.url.path": col("path"),
    "http_request.url.query_string": _known("query"),
    "http_request.url.url_string": _URL.then(pl.format("{}://{}{}", "protocol", "host", "target")).otherwise("target"),
    "http_request.user_agent": _known("agent"),
    "http_request.referrer": _known("referrer"),
    "http_request.body_length": _count("received"),
    "http_response.code": _VALID_CODE,
    "http_response.status": _known("reason"),
    "http_response.content_type": _known("content_type"),
    "http_response.body_length": _count("sent"),
    "actor.user.name": _known("user"),
    "status_id": pl.when(_VALID_CODE < _FIRST_ERROR).then(1).when(_VALID_CODE >= _FIRST_ERROR).then(2),
    "status_code": pl.when(_VALID_CODE.is_null()).then(_known("code")),
    "duration": col("milliseconds").cast(pl.Float64, strict=False).round().cast(pl.Int64, strict=False),
    "message": _known("line"),
    "unmapped": col("unmapped"),
}
