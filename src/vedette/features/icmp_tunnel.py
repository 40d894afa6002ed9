"""Echo requests and replies between two hosts: how much they carry, and how far the replies are from being echoes."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.contact import NOBODY
from vedette.features.sketch import count_distinct, distinct, merge_distinct

HOUR = timedelta(hours=1)

_HEADERS = {"icmp": 28, "icmp6": 48}
"""Bytes of the IP and ICMP headers of an echo."""
_OTHERS = (*range(1, 7), *range(9, 19), 30, *range(130, 156), 160, 161)
"""Types in use that are no echo (errors, routers, neighbours, times); some sources give the type as the source's port."""
_NETFLOW_TYPE = 256
_LARGEST = 2.0**40

_protocol = pl.col("connection_info.protocol_name")
_src, _dst = pl.col("src_endpoint.ip"), pl.col("dst_endpoint.ip")


class IcmpTunnel(WindowFeatures):
    """A row per pair of hosts and hour of echo requests.

    ``up`` and ``down`` are the bytes of data in requests and replies, ``asked`` and ``replied`` the packets. A reply repeats what its
    request brought (RFC 792), so as many replies carry as many bytes as those requests: ``unlike`` is the bytes by which they do not, flow
    by flow. ``uneven`` counts flows whose packets are not all of one size, ``sizes`` the distinct mean sizes, ``flows`` all flows.

    ``place`` is the host that is asked: its baseline tells how many others ask it.
    """

    name = "icmp_tunnel"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name", "traffic.packets_out")
    uses = (
        "src_endpoint.port",
        "dst_endpoint.port",
        "traffic.packets_in",
        "traffic.bytes_out",
        "traffic.bytes_in",
        "vedette.payload_bytes_out",
        "vedette.payload_bytes_in",
    )
    keys = ("src_endpoint.ip", "dst_endpoint.ip")
    windows = (HOUR,)
    normal = Normal(HOUR, sets=("place",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        some = events.filter(_protocol.is_in(tuple(_HEADERS)) & _echo() & (_src != _dst) & ~_dst.str.contains(NOBODY))
        sent, back = (
            pl.col(f"traffic.packets_{way}").fill_null(0).clip(0, _LARGEST).cast(pl.Int64) for way in ("out", "in")
        )
        counted = some.with_columns(asked=sent, replied=back, up=_data("out"), down=_data("in"))
        told = counted.filter((pl.col("asked") > 0) & pl.col("up").is_not_null())
        asked, replied, up = pl.col("asked"), pl.col("replied"), pl.col("up")
        echoed = (up * pl.min_horizontal("asked", "replied") / asked).round(0).cast(pl.Int64)
        return told.with_columns(
            down=pl.col("down").fill_null(0),
            unlike=pl.when(replied > 0).then((pl.col("down").fill_null(0) - echoed).abs()).otherwise(0),
            uneven=up % asked != 0,
            size=(up / asked).round(1),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _SUMS),
            pl.col("uneven").sum().cast(pl.Int64),
            pl.len().cast(pl.Int64).alias("flows"),
            distinct(pl.col("size"), 32).alias("sizes"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in (*_SUMS, "uneven", "flows")), merge_distinct("sizes", 32)]

    def finish(self) -> list[pl.Expr]:
        return [
            *map(pl.col, (*_SUMS, "uneven", "flows")),
            count_distinct("sizes", 32).alias("sizes"),
            pl.concat_list("dst_endpoint.ip").alias("place"),
        ]


_SUMS = ("up", "down", "asked", "replied", "unlike")


def _echo() -> pl.Expr:
    """Whether a flow is not told to be of another type in use: echoes, types that nobody uses, and flows without a type."""
    kind, code = pl.col("src_endpoint.port"), pl.col("dst_endpoint.port")
    packed = (kind == 0) & (code >= _NETFLOW_TYPE)
    number = pl.when(packed).then(code // _NETFLOW_TYPE).otherwise(kind)
    return ~number.is_in(_OTHERS).fill_null(value=False)


def _data(way: str) -> pl.Expr:
    """Bytes of data one way: the payload where the source tells it, else what is left without headers; null: not told."""
    packets = pl.col(f"traffic.packets_{way}").clip(0, _LARGEST)
    header = pl.when(_protocol == "icmp").then(_HEADERS["icmp"]).otherwise(_HEADERS["icmp6"])
    left = pl.col(f"traffic.bytes_{way}") - packets * header
    return pl.coalesce(f"vedette.payload_bytes_{way}", left).clip(0, _LARGEST).cast(pl.Int64)
