"""Who logged on in a day, from where, with what, to what, at which hours: one row per account."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample
from vedette.intel.principals import machine, of_service, of_system

DAY = timedelta(days=1)
KEPT = 16
"""Values of each kind that are looked at."""
COVER_DAYS, COVERED = 10, 3
"""A logon tells of its period of ten days and of two more: an account whose present period nothing told of was silent for 20 to 30 days."""
BLOCK_HOURS = 4
LONGEST = 160

_LOGON, _SUCCESS = 1, 1
_KINDS = {
    2: "at the keyboard",
    3: "network",
    4: "batch job",
    5: "service",
    8: "clear-text network",
    9: "other credentials",
}
_KINDS |= {10: "Remote Desktop", 11: "at the keyboard", 12: "Remote Desktop", 13: "at the keyboard"}
BY_HAND = ("at the keyboard", "Remote Desktop")
_SATURDAY = 6
_SETS = ("countries", "networks", "agents", "places", "sources", "blocks", "kinds", "covered")
_TOLD = ("risks", "addresses")


class LogonUser(WindowFeatures):
    """A row per account and day with successful logons; accounts of machines and of the system are left out.

    Sets, bounded: ``countries``; ``networks`` (autonomous system, else the /16 or IPv6 /32 of a public address); ``agents`` (user agents
    without their versions); ``places`` (the host or application that it logged on to); ``sources`` (the machine that it came from, by
    name); ``blocks`` (four hours of a working day or weekend, UTC); ``kinds`` (at the keyboard, Remote Desktop, service ...); ``covered``
    (periods of ten days, see ``COVERED``). Numbers: ``logons``, ``place_count``, ``by_hand``, and
    ``day`` (since the epoch: its mean tells when an account was seen). ``service_name``: the name looks like that
    of a program's account. ``hand_addresses``, ``hand_places``, ``hand_first`` and ``hand_last`` are those of logons by hand.
    """

    name = "logon_user"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name")
    uses = (
        *("src_endpoint.ip", "src_endpoint.hostname", "src_endpoint.location.country"),
        *("src_endpoint.autonomous_system.number", "http_request.user_agent", "device.hostname", "dst_endpoint.ip"),
        *("service.name", "logon_type_id", "auth_protocol", "vedette.risk", "count"),
    )
    keys = ("user",)
    windows = (DAY,)
    normal = Normal(DAY, numbers=("logons", "place_count", "by_hand", "day"), sets=_SETS, half_life=timedelta(days=30))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        name, address, at = pl.col("user.name"), pl.col("src_endpoint.ip"), pl.col("time")
        logon = (pl.col("activity_id") == _LOGON) & (pl.col("status_id") == _SUCCESS)
        period = at.dt.epoch("d") // COVER_DAYS
        risk = pl.col("vedette.risk").str.to_lowercase()
        return events.filter(logon & (name != "") & ~machine(name) & ~of_system(name)).with_columns(
            user=name,
            country=pl.col("src_endpoint.location.country").str.to_uppercase(),
            network=pl.coalesce(
                pl.format("AS{}", pl.col("src_endpoint.autonomous_system.number")),
                pl.when(_public(address)).then(_wide(address)),
            ),
            agent=pl.col("http_request.user_agent").str.slice(0, LONGEST).str.replace_all(r"\d+(?:[._]\d+)*", "0"),
            place=pl.coalesce("device.hostname", "dst_endpoint.ip", "service.name"),
            source=pl.col("src_endpoint.hostname"),
            block=pl.format(
                "{} {}",
                pl.when(at.dt.weekday() >= _SATURDAY).then(pl.lit("weekend")).otherwise(pl.lit("workday")),
                (at.dt.hour() // BLOCK_HOURS * BLOCK_HOURS).cast(pl.String).str.zfill(2),
            ),
            kind=pl.coalesce(
                pl.col("logon_type_id").replace_strict(_KINDS, default=None, return_dtype=pl.String), "auth_protocol"
            ),
            cover=pl.concat_list((period + k).cast(pl.String).str.zfill(6) for k in range(COVERED)),
            risk=pl.when(risk.is_in(["medium", "high"])).then(risk),
            address=address,
            times=pl.col("count").fill_null(1).clip(lower_bound=1),
        )

    def partial(self) -> list[pl.Expr]:
        sets = [sample(pl.col(c), KEPT).alias(s) for s, c in _COLUMNS.items()]
        covered = pl.col("cover").list.explode(empty_as_null=False).unique().sort().head(KEPT).alias("covered")
        by_hand = pl.col("kind").is_in(BY_HAND).fill_null(value=False)
        hand = [
            pl.col("times").filter(by_hand).sum().alias("by_hand"),
            *(sample(pl.col(c).filter(by_hand), KEPT).alias(s) for s, c in _HAND.items()),
            pl.col("time").filter(by_hand).min().alias("hand_first"),
            pl.col("time").filter(by_hand).max().alias("hand_last"),
        ]
        return [*sets, covered, pl.col("times").sum().alias("logons"), *hand]

    def merge(self) -> list[pl.Expr]:
        sets = [merge_sample(s, KEPT) for s in (*_COLUMNS, *_HAND, "covered")]
        hand = (pl.col("hand_first").min(), pl.col("hand_last").max())
        return [*sets, *(pl.col(c).sum() for c in ("logons", "by_hand")), *hand]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(s) for s in (*_SETS, *_TOLD)),
            *(pl.col(c) for c in ("logons", "by_hand", *_HAND, "hand_first", "hand_last")),
            pl.col("places").list.len().cast(pl.Int64).alias("place_count"),
            (pl.col("time").dt.epoch("d").cast(pl.Int64)).alias("day"),
            of_service(pl.col("user")).alias("service_name"),
        ]


_COLUMNS = {
    "countries": "country",
    "networks": "network",
    "agents": "agent",
    "places": "place",
    "sources": "source",
    "blocks": "block",
    "kinds": "kind",
    "risks": "risk",
    "addresses": "address",
}


_HAND = {"hand_addresses": "address", "hand_places": "place"}
"""Of logons by hand alone."""


def _public(address: pl.Expr) -> pl.Expr:
    """Say whether an address is none of the private, shared, loopback or link-local ones."""
    private = r"^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1?$|f[cde])"
    return ~address.str.to_lowercase().str.contains(private)


def _wide(address: pl.Expr) -> pl.Expr:
    """Return the /16 of an IPv4 address, the first 32 bits of an IPv6 one, as text."""
    four = pl.format("{}.0.0/16", address.str.extract(r"^(\d+\.\d+)\.\d+\.\d+$"))
    return pl.coalesce(
        four, pl.format("{}::/32", address.str.to_lowercase().str.extract(r"^([0-9a-f]{1,4}:[0-9a-f]{1,4}):"))
    )
