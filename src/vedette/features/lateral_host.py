"""Who administers whom: the administrative connections that a host made and got, with when each began.

A connection is administrative by its protocol where the payload tells it, else by the protocol's usual port; both ends are ours, and
something was exchanged. A host's row has both sides, so that a chain shows: called by somebody new, then calling somebody new.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass

BY_PORT = {22: "SSH", 135: "RPC", 139: "SMB", 445: "SMB", 3389: "RDP", 5900: "VNC", 5985: "WinRM", 5986: "WinRM"}
BY_PAYLOAD = {"smb": "SMB", "rdp": "RDP", "ssh": "SSH", "dce_rpc": "RPC", "vnc": "VNC"}
MOST = 128
"""Connections of one host in a window that are remembered: the first ones."""
_LATERAL = 3
_EXCHANGED = ("S1", "SF", "S2", "S3", "RSTO", "RSTR")
"""Zeek's states of a connection that was set up."""
_FEW_BYTES = 200
"""IP bytes of answers: a handshake and a refusal have no more."""
_SIDES = ("edge", "caller")


class LateralHost(WindowFeatures):
    """A row per host and hour: ``edges`` (protocol and host that it connected to), ``callers`` (that connected to it), with times."""

    name = "lateral_host"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "connection_info.protocol_name")
    uses = (
        *("app_protocol_name", "connection_info.direction_id", "status_code", "start_time"),
        *("traffic.bytes_in", "vedette.payload_bytes_in"),
    )
    keys = ("host",)
    windows = (timedelta(hours=1),)
    normal = Normal(timedelta(hours=1), numbers=("reach",), sets=("edges", "callers"), prior={"reach": (1.0, 0.7)})

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        ours = (pl.col("connection_info.protocol_name") == "tcp") & (pl.col("connection_info.direction_id") == _LATERAL)
        likely = pl.col("dst_endpoint.port").is_in(list(BY_PORT)) | pl.col("app_protocol_name").is_in(list(BY_PAYLOAD))
        told = pl.coalesce("app_protocol_name", pl.lit(""))
        protocol = pl.coalesce(
            *(pl.when(told.str.contains(word, literal=True)).then(pl.lit(name)) for word, name in BY_PAYLOAD.items()),
            pl.when(told.is_in(["", "http", "tls", "gssapi", "krb", "ntlm", "iso-transport"])).then(
                pl.col("dst_endpoint.port").replace_strict(BY_PORT, default=None, return_dtype=pl.String)
            ),
        )
        began = pl.col("status_code").is_in(_EXCHANGED) & (pl.col("vedette.payload_bytes_in") > 0)
        exchanged = pl.coalesce(began, pl.col("traffic.bytes_in") > _FEW_BYTES).fill_null(value=False)
        found = events.filter(ours & (likely | told.str.contains("smb|rpc")) & exchanged).with_columns(
            protocol=protocol, began=pl.coalesce("start_time", "time")
        )
        known = found.filter(
            pl.col("protocol").is_not_null() & (pl.col("src_endpoint.ip") != pl.col("dst_endpoint.ip"))
        )
        return pl.concat([_side(known, "src", "dst", "edge"), _side(known, "dst", "src", "caller")])

    def partial(self) -> list[pl.Expr]:
        return [
            _firsts(pl.struct("began", what=side).filter(pl.col(side).is_not_null())).alias(f"{side}s")
            for side in _SIDES
        ]

    def merge(self) -> list[pl.Expr]:
        return [_firsts(pl.col(f"{side}s").list.explode(empty_as_null=False)).alias(f"{side}s") for side in _SIDES]

    def telling(self) -> pl.Expr:
        return pl.col("edges").list.len() > 0

    def finish(self) -> list[pl.Expr]:
        lists = [
            part
            for side in _SIDES
            for part in (
                pl.col(f"{side}s").list.eval(pl.element().struct.field("what")),
                pl.col(f"{side}s").list.eval(pl.element().struct.field("began")).alias(f"{side}_times"),
            )
        ]
        return [*lists, pl.col("edges").list.len().cast(pl.Int64).alias("reach")]


def _side(events: pl.LazyFrame, own: str, other: str, name: str) -> pl.LazyFrame:
    """Return the connections as one of their ends sees them."""
    what = pl.concat_str("protocol", f"{other}_endpoint.ip", separator=" ")
    sides = {side: what if side == name else pl.lit(None, dtype=pl.String) for side in _SIDES}
    return events.with_columns(host=pl.col(f"{own}_endpoint.ip"), **sides)  # in one order: both frames become one


def _firsts(events: pl.Expr) -> pl.Expr:
    """Aggregate (began, what) into the first of each, earliest first: the earliest ``MOST``, however the events were split."""
    ordered = events.sort()
    return ordered.filter(ordered.struct.field("what").is_first_distinct()).head(MOST)
