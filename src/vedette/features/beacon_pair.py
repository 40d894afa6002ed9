"""Who of ours comes back to whom outside, in what rhythm."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.beacon_rhythm import FEWEST, merged, moments, rhythms
from vedette.features.contact import NOBODY

DAY = timedelta(days=1)
SAMPLE = 64
"""Sizes of which a fair sample is kept."""
ALIKE = 0.1
"""Sizes within this share of their median are alike."""
LEFT_OUT = ((53, None), (123, "udp"), (853, None))
"""Ports and transports of services that are asked over and over by design: names and the time."""

_OUTBOUND = 2
_SYN = 2
_WORD, _MIX = 1 << 31, 40_503 * 65_537 + 2
_size = pl.element()
_alike = _size.is_between(_size.median() * (1 - ALIKE), _size.median() * (1 + ALIKE)).mean()
_address, _codes = pl.col("dst_endpoint.ip"), pl.col("codes")


class BeaconPair(WindowFeatures):
    """A row per source, destination, port and day, of TCP and UDP flows that leave our network.

    ``rhythm`` holds ``beacon_rhythm.FIELDS``. ``size`` is the share of flows that sent as much as their median, to a tenth;
    ``bytes_out`` that median, ``bytes_in`` the mean of what came back (null: not known). ``answered`` is the share of flows that were,
    ``one_port`` says that all came from one source port (so they are one connection, seen in pieces), ``app`` the protocol by payload.
    ``place`` is the destination and its network (a /24, an IPv6 /48): their baselines tell how many others go there.

    What is left out: pieces of connections that began before, and the services of ``LEFT_OUT``.
    """

    name = "beacon_pair"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "connection_info.protocol_name")
    uses = (
        "start_time",
        "src_endpoint.port",
        "status_code",
        "connection_info.tcp_flags",
        "connection_info.direction_id",
        "app_protocol_name",
        "traffic.bytes_out",
        "traffic.bytes_in",
        "traffic.packets_in",
    )
    keys = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port")
    windows = (DAY,)
    normal = Normal(DAY, sets=("place",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        transport, port = pl.col("connection_info.protocol_name"), pl.col("dst_endpoint.port")
        leaves = (pl.col("connection_info.direction_id") == _OUTBOUND).fill_null(value=False)
        begins = (pl.col("status_code") != "OTH").fill_null((pl.col("connection_info.tcp_flags") & _SYN) > 0)
        asked = pl.any_horizontal((port == p) if t is None else (port == p) & (transport == t) for p, t in LEFT_OUT)
        whole = (transport == "udp") | ((transport == "tcp") & begins.fill_null(value=True))
        at = pl.coalesce("start_time", "time")
        sent = pl.col("traffic.bytes_out").clip(0, _WORD - 1)
        return events.filter(leaves & whole & ~asked).with_columns(
            code=moments(at),
            drawn=at.dt.timestamp("us") % _WORD * _MIX % _WORD * _WORD + sent,
            back=(pl.coalesce("traffic.packets_in", "traffic.bytes_in") > 0).fill_null(value=True),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("code").unique().alias("codes"),
            pl.col("drawn").drop_nulls().sort().head(SAMPLE).alias("sizes"),
            pl.col("traffic.bytes_in").sum().alias("got"),
            pl.col("back").sum().cast(pl.Int64).alias("answers"),
            pl.len().cast(pl.Int64).alias("flows"),
            pl.col("src_endpoint.port").min().alias("first_port"),
            pl.col("src_endpoint.port").max().alias("last_port"),
            pl.col("app_protocol_name").max().alias("app"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            merged(_codes),
            pl.col("sizes").list.explode(empty_as_null=False).sort().head(SAMPLE),
            *(pl.col(c).sum() for c in ("got", "answers", "flows")),
            pl.col("first_port").min(),
            pl.col("last_port").max(),
            pl.col("app").max(),
        ]

    def telling(self) -> pl.Expr:
        return _codes.list.len() > FEWEST

    def finish(self) -> list[pl.Expr]:
        contacts = pl.when(~_address.str.contains(NOBODY)).then(_codes)
        often = pl.col("flows") > FEWEST
        sizes = pl.when(often).then(pl.col("sizes").list.eval(pl.element() % _WORD))
        return [
            contacts.map_batches(rhythms, return_dtype=pl.List(pl.Float64)).alias("rhythm"),
            sizes.list.eval(_alike).list.first().alias("size"),
            sizes.list.median().cast(pl.Float64).alias("bytes_out"),
            (pl.col("got") / pl.col("flows")).alias("bytes_in"),
            (pl.col("answers") / pl.col("flows")).alias("answered"),
            (pl.col("first_port") == pl.col("last_port")).alias("one_port"),
            pl.col("app"),
            place(_address).alias("place"),
        ]


def place(address: pl.Expr) -> pl.Expr:
    """Return an address and the network it lies in (a /24, an IPv6 /48), List(String)."""
    fourth = address.str.replace(r"\.[^.]*$", ".0/24")
    groups = address.str.splitn("::", 2).struct.field("field_0").str.split(":").list.head(3).list.join(":")
    sixth = groups + "::/48"
    return pl.concat_list(address, pl.when(address.str.contains(":", literal=True)).then(sixth).otherwise(fourth))
