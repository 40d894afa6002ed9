"""Which hosts an account reaches over the network, from which, and where it goes on from there: a row per account and hour."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample
from vedette.intel.principals import machine, of_service, of_system

HOUR = timedelta(hours=1)
KEPT = 64
_LOGON, _SUCCESS = 1, 1
_REMOTE = (3, 8, 10, 12)
_LOCAL = r"^(?:localhost|127\.|::1$|-$)"


class LogonReach(WindowFeatures):
    """A row per account and hour with logons to hosts over the network.

    ``hosts``: short names, in lower case, of those it logged on to (Windows logons of kind 3, 8, 10, 12; others with an address; explicit
    credentials towards a server); ``sources``: short names, or addresses, of where from; ``reach``: how many hosts; ``explicit``:
    servers towards which somebody else used the account's credentials (Windows 4648), ``explicit_count`` of them, ``users`` who did;
    ``stations``: hosts that it reached and went on from.
    """

    name = "logon_reach"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name", "device.hostname")
    uses = (
        *(
            "src_endpoint.ip",
            "src_endpoint.hostname",
            "dst_endpoint.hostname",
            "logon_type_id",
            "actor.user.name",
            "auth_protocol",
        ),
    )
    keys = ("account",)
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("reach", "explicit_count"), sets=("hosts",), prior={"reach": (1.0, 0.7)})

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        name, kind, actor = pl.col("user.name"), pl.col("logon_type_id"), pl.col("actor.user.name")
        logon = (pl.col("activity_id") == _LOGON) & (pl.col("status_id") == _SUCCESS) & (name != "")
        target = pl.col("dst_endpoint.hostname")
        explicit = (target.is_not_null() & ~target.str.to_lowercase().str.contains(_LOCAL)).fill_null(value=False)
        remote = kind.is_in(_REMOTE) | (kind.is_null() & pl.col("src_endpoint.ip").is_not_null() & ~explicit)
        here, there = _short(pl.col("device.hostname")), _short(target)
        came = pl.coalesce(_short(pl.col("src_endpoint.hostname")), "src_endpoint.ip")
        host = pl.when(explicit).then(there).when(remote).then(here)
        source = pl.when(explicit).then(here).when(remote).then(came)
        other = explicit & (actor.str.to_lowercase() != name.str.to_lowercase()).fill_null(value=False)
        return (
            events.filter(
                logon & ~machine(name) & ~of_system(name) | (logon & (name.str.to_lowercase() == "administrator"))
            )
            .with_columns(
                account=name,
                host=host,
                source=pl.when(~source.str.contains(_LOCAL)).then(source),
                explicit=pl.when(other).then(there),
                user=pl.when(other & ~machine(actor)).then(actor),
            )
            .filter(pl.col("host").is_not_null() & (pl.col("host") != pl.col("source")).fill_null(value=True))
        )

    def partial(self) -> list[pl.Expr]:
        return [
            sample(pl.col("host"), KEPT).alias("hosts"),
            sample(pl.col("source"), KEPT).alias("sources"),
            sample(pl.col("explicit"), KEPT).alias("explicit"),
            sample(pl.col("user")).alias("users"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(merge_sample(c, KEPT) for c in ("hosts", "sources", "explicit")), merge_sample("users")]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in ("hosts", "sources", "explicit", "users")),
            pl.col("hosts").list.len().cast(pl.Int64).alias("reach"),
            pl.col("explicit").list.len().cast(pl.Int64).alias("explicit_count"),
            pl.col("hosts").list.set_intersection("sources").list.sort().alias("stations"),
            of_service(pl.col("account")).alias("service_name"),
        ]


def _short(host: pl.Expr) -> pl.Expr:
    """Return a host's first label in lower case; an address stays whole."""
    lower = host.str.to_lowercase().str.strip_prefix("\\\\")
    address = lower.str.contains(r"^[\d.]+$|:")
    label = lower.str.extract(r"^([^.\s]+)")
    return pl.when(address).then(lower).otherwise(label)
