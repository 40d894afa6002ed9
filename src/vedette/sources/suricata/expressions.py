"""What the tables of EVE events have in common: the head of a record, and small expressions."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars import col

from vedette.events.schema import SCHEMAS, EventClass


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One event type: its OCSF class, the objects of the record that it reads, its columns, and the field without which it is a reject."""

    kind: EventClass
    parts: tuple[str, ...]
    columns: dict[str, pl.Expr]
    time: str = "timestamp"


def integer(value: int) -> pl.Expr:
    """Return a constant of an id column."""
    return pl.lit(value, dtype=pl.Int32)


def named(column: pl.Expr, table: dict[str, int], default: int | None = None) -> pl.Expr:
    """Return the id that a table has for a name."""
    return column.replace_strict(table, default=default, return_dtype=pl.Int32)


def turned(when: pl.Expr) -> dict[str, pl.Expr]:
    """Return the endpoints, changed about where ``when`` is true."""
    pairs = (("src_ip", "dest_ip", "ip"), ("src_port", "dest_port", "port"))
    return {
        f"{side}_endpoint.{what}": pl.when(when).then(col(theirs)).otherwise(col(ours))
        for src, dst, what in pairs
        for side, ours, theirs in (("src", src, dst), ("dst", dst, src))
    }


def version(address: pl.Expr) -> pl.Expr:
    """Return the IP version of an address."""
    return (
        pl.when(address.str.contains(":", literal=True)).then(integer(6)).when(address.is_not_null()).then(integer(4))
    )


def outcome(flag: pl.Expr) -> pl.Expr:
    """Return 1 (success), 2 (failure), or null where it is not known."""
    return pl.when(flag).then(integer(1)).when(~flag).then(integer(2))


def one(name: str) -> pl.Expr:
    """Return a list of the one value, null where there is none."""
    return pl.when(col(name).is_not_null()).then(pl.concat_list(name))


_NAMES = {"TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "IPv6-ICMP": "icmp6", "SCTP": "sctp", "GRE": "gre", "ESP": "esp"}
_NUMBERS = {"TCP": 6, "UDP": 17, "ICMP": 1, "IPv6-ICMP": 58, "SCTP": 132, "GRE": 47, "ESP": 50}
BASE: dict[str, pl.Expr] = {
    "time": col("timestamp"),
    "metadata.uid": col("flow_id"),
    "metadata.product.name": pl.lit("Suricata"),
    "src_endpoint.ip": col("src_ip"),
    "src_endpoint.port": col("src_port"),
    "dst_endpoint.ip": col("dest_ip"),
    "dst_endpoint.port": col("dest_port"),
    "connection_info.uid": col("flow_id"),
    "connection_info.protocol_num": named(col("proto"), _NUMBERS),
    "connection_info.protocol_name": col("proto").replace(_NAMES),
    "connection_info.protocol_ver_id": version(col("src_ip")),
}
APP = pl.when(~col("app_proto").is_in(["failed", "unknown", "none"])).then(col("app_proto"))
PORTS: dict[str, pl.Expr] = {
    "src_endpoint.port": pl.coalesce("src_port", col("icmp_type").cast(pl.Int32, strict=False)),
    "dst_endpoint.port": pl.coalesce("dest_port", col("icmp_code").cast(pl.Int32, strict=False)),
}


def fitting(kind: EventClass, *shared: dict[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return those of the shared columns that the class has (a log line, say, has endpoints but no connection)."""
    return {name: e for columns in shared for name, e in columns.items() if name in SCHEMAS[kind]}
