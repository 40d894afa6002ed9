"""What the tables of Zeek logs have in common: the fields of a connection, and small expressions."""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import SCHEMAS, EventClass

_LONGEST_SECONDS = 1e9


def integer(value: int) -> pl.Expr:
    """Return a constant of an id column."""
    return pl.lit(value, dtype=pl.Int32)


def after(start: pl.Expr, seconds: pl.Expr) -> pl.Expr:
    """Return a time some seconds after another; seconds that are absent or absurd count as none."""
    return start + pl.duration(microseconds=(sane(seconds).fill_null(0.0) * 1e6).round().cast(pl.Int64))


def sane(seconds: pl.Expr) -> pl.Expr:
    """Return a length of time, null when it is negative or absurd."""
    return pl.when(seconds.is_between(0.0, _LONGEST_SECONDS)).then(seconds)


def version(address: pl.Expr) -> pl.Expr:
    """Return the IP version of an address."""
    return (
        pl.when(address.str.contains(":", literal=True)).then(integer(6)).when(address.is_not_null()).then(integer(4))
    )


def named(column: pl.Expr, table: dict[str, int], default: int | None = None) -> pl.Expr:
    """Return the id that a table has for a name."""
    return column.replace_strict(table, default=default, return_dtype=pl.Int32)


def outcome(flag: pl.Expr) -> pl.Expr:
    """Return 1 (success), 2 (failure), or null where it is not known."""
    return pl.when(flag).then(integer(1)).when(flag.not_()).then(integer(2))


ID = {"ts": "time", "uid": "text", "id.orig_h": "text", "id.orig_p": "port", "id.resp_h": "text", "id.resp_p": "port"}
WHO: dict[str, pl.Expr] = {
    "time": col("ts"),
    "metadata.uid": col("uid"),
    "metadata.product.name": pl.lit("Zeek"),
    "connection_info.uid": col("uid"),
    "src_endpoint.ip": col("id.orig_h"),
    "src_endpoint.port": col("id.orig_p"),
    "dst_endpoint.ip": col("id.resp_h"),
    "dst_endpoint.port": col("id.resp_p"),
    "connection_info.protocol_ver_id": version(col("id.orig_h")),
}
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1}
PROTO: dict[str, pl.Expr] = {
    "connection_info.protocol_num": named(col("proto"), PROTOCOLS),
    "connection_info.protocol_name": col("proto"),
}
TCP: dict[str, pl.Expr] = {
    "connection_info.protocol_num": integer(6),
    "connection_info.protocol_name": pl.lit("tcp"),
    "activity_id": integer(1),
}


def fitting(kind: EventClass, *shared: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return those of the shared columns that the class has (a log line, say, has endpoints but no connection)."""
    return {name: e for columns in shared for name, e in columns.items() if name in SCHEMAS[kind]}
