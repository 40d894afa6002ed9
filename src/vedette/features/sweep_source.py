"""Whom one host asks whether they are there: ICMP requests and ARP."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import NOBODY
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

HOSTS = 256
"""Distinct hosts counted exactly; beyond, to 6 %."""

KINDS = {"echo": 1, "timestamp": 2, "information": 4, "address mask": 8, "ARP": 16}

FEW = 4
"""Requests below which nobody speaks of a sweep, unless they ask for what no system asks for."""
_USUAL = KINDS["echo"] | KINDS["ARP"]

_REQUESTS = {8: "echo", 13: "timestamp", 15: "information", 17: "address mask"}
"""ICMP types that ask (RFC 792, RFC 950)."""
_ECHO_V6 = 128
_NETFLOW_TYPE = 256
"""NetFlow packs type and code into the destination port: type * 256 + code."""

_protocol = pl.col("connection_info.protocol_name")
_src, _dst = pl.col("src_endpoint.ip"), pl.col("dst_endpoint.ip")


class SweepSource(WindowFeatures):
    """A row per source, protocol (icmp, icmp6, arp) and window.

    ``failed`` and ``answered`` count distinct hosts asked (beyond ``HOSTS``: estimated); ``hosts`` is a sample of those that a
    request left silent;
    ``requests`` counts flows; ``kinds`` are bits of ``KINDS``; ``inside`` says that the source is ours; ``began`` and ``ended`` are the
    first and the last request.
    """

    name = "sweep_source"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name")
    uses = (
        "start_time",
        "status_code",
        "src_endpoint.port",
        "dst_endpoint.port",
        "connection_info.direction_id",
        "traffic.packets_in",
        "traffic.bytes_in",
    )
    keys = ("src_endpoint.ip", "connection_info.protocol_name")
    windows = (timedelta(minutes=10), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        asked = events.filter(_protocol.is_in(("icmp", "icmp6", "arp")) & (_src != _dst) & (_src != "0.0.0.0"))  # noqa: S104
        asked = asked.filter(~_dst.str.contains(NOBODY)).with_columns(kind=_kind()).filter(pl.col("kind") > 0)
        heard = (pl.coalesce("traffic.packets_in", "traffic.bytes_in") > 0) | (pl.col("status_code") == "SF")
        return asked.with_columns(
            answered=pl.when(heard).then(_dst),
            hosts=pl.when(~heard.fill_null(value=False)).then(_dst),
            inside=(pl.col("connection_info.direction_id") > 1).fill_null(value=False),
            start_time=pl.coalesce("start_time", "time"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            distinct(_dst, HOSTS).alias("asked"),
            distinct(pl.col("answered"), HOSTS),
            sample(pl.col("hosts")),
            pl.len().cast(pl.Int64).alias("requests"),
            pl.col("kind").bitwise_or().alias("kinds"),
            pl.col("inside").any(),
            pl.col("start_time").min().alias("began"),
            pl.col("time").max().alias("ended"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merge_distinct("asked", HOSTS),
            merge_distinct("answered", HOSTS),
            merge_sample("hosts"),
            pl.col("requests").sum(),
            pl.col("kinds").bitwise_or(),
            pl.col("inside").any(),
            pl.col("began").min(),
            pl.col("ended").max(),
        ]

    def telling(self) -> pl.Expr:
        return (pl.col("requests") >= FEW) | (pl.col("kinds") & ~_USUAL > 0)

    def finish(self) -> list[pl.Expr]:
        asked, answered = count_distinct("asked", HOSTS), count_distinct("answered", HOSTS)
        return [
            (asked - answered).clip(lower_bound=0.0).alias("failed"),
            answered.alias("answered"),
            *map(pl.col, ("hosts", "requests", "kinds", "inside", "began", "ended")),
        ]


def _kind() -> pl.Expr:
    """The bit of ``KINDS``; 0: not a request. Where the source does not tell the type, an echo request is assumed."""
    packed = (pl.col("src_endpoint.port") == 0) & (pl.col("dst_endpoint.port") >= _NETFLOW_TYPE)
    number = pl.when(packed).then(pl.col("dst_endpoint.port") // _NETFLOW_TYPE).otherwise("src_endpoint.port")
    by_type = number.replace_strict({t: KINDS[k] for t, k in _REQUESTS.items()}, default=0, return_dtype=pl.Int32)
    return (
        pl.when(_protocol == "arp")
        .then(KINDS["ARP"])
        .when(number.is_null() | ((_protocol == "icmp6") & (number == _ECHO_V6)))
        .then(KINDS["echo"])
        .when(_protocol == "icmp")
        .then(by_type)
        .otherwise(0)
    )
