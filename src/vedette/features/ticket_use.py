"""How an account's Kerberos tickets are used in a day: asked for, renewed, used, with which names and numbers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sign import BUILT_IN
from vedette.features.sketch import merge_sample, sample
from vedette.intel.principals import machine

DAY = timedelta(days=1)
LIFETIME = timedelta(hours=10)
"""How long a ticket lasts unless a domain sets it otherwise; a renewal is logged."""
SESSIONS = 64
_LOGON, _TICKET, _SERVICE, _RENEWED, _RIGHTS, _SUCCESS = 1, 3, 4, 5, 99, 1
_LOWER = r"^[a-z0-9-]+(?:\.[a-z0-9-]+)+$"
_SAMPLED = ("odd_domains", "ids", "hosts", "sources")


class TicketUse(WindowFeatures):
    """A row per account and day; computers' accounts and those of the system are left out.

    ``asked``: tickets of the account itself given or renewed (4768, 4770); ``used``: service tickets given (4769); ``late``: the last of
    those came more than ten hours into the day, so a ticket of the day before was over; ``odd_domains``: domains all in lower case, as a
    controller writes none, in service tickets and Kerberos logons; ``ids``: the account's security identifiers, of Kerberos logons;
    ``unmatched``: sessions that were given rights (4672) without a logon on that host.
    """

    name = "ticket_use"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "user.name")
    uses = (
        *("status_id", "auth_protocol", "user.domain", "user.uid", "session.uid", "device.hostname"),
        "src_endpoint.ip",
    )
    keys = ("account",)
    windows = (DAY,)
    normal = Normal(DAY, numbers=("asked", "unmatched"))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        activity, account = pl.col("activity_id"), pl.col("user.name").str.to_lowercase()
        kerberos = (pl.col("auth_protocol") == "Kerberos").fill_null(value=False)
        logon, service = activity == _LOGON, (activity == _SERVICE) & kerberos
        shown = service | (logon & kerberos)
        session = pl.format("{} {}", pl.col("device.hostname").fill_null(""), "session.uid")
        kept = logon | (activity == _RIGHTS) | (kerberos & activity.is_in([_TICKET, _SERVICE, _RENEWED]))
        person = ~machine(account) & ~account.is_in(list(BUILT_IN)) & ~account.str.contains(r"^(?:dwm|umfd)-\d")
        return events.filter((pl.col("status_id") == _SUCCESS) & kept & person).with_columns(
            account=account,
            asked=(kerberos & activity.is_in([_TICKET, _RENEWED])).cast(pl.Int64),
            used=service.cast(pl.Int64),
            used_at=pl.when(service).then("time"),
            odd_domain=pl.when(shown & pl.col("user.domain").str.contains(_LOWER)).then("user.domain"),
            id=pl.when(logon & kerberos & pl.col("user.uid").str.starts_with("S-1-5-21-")).then("user.uid"),
            logged_on=pl.when(logon).then(session),
            given=pl.when(activity == _RIGHTS).then(session),
            host=pl.col("device.hostname"),
            source=pl.col("src_endpoint.ip"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("asked", "used")),
            pl.col("used_at").max(),
            *(sample(pl.col(c.removesuffix("s"))).alias(c) for c in _SAMPLED),
            *(sample(pl.col(c), SESSIONS) for c in ("logged_on", "given")),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("asked", "used")),
            pl.col("used_at").max(),
            *(merge_sample(c) for c in _SAMPLED),
            *(merge_sample(c, SESSIONS) for c in ("logged_on", "given")),
        ]

    def finish(self) -> list[pl.Expr]:
        whole = pl.col("logged_on").list.len().is_between(1, SESSIONS - 1)
        missing = pl.col("given").list.set_difference("logged_on").list.len().cast(pl.Int64)
        return [
            *(pl.col(c) for c in ("asked", "used", *_SAMPLED)),
            (pl.col("used_at") - pl.col("time") > LIFETIME).fill_null(value=False).alias("late"),
            pl.when(whole).then(missing).otherwise(0).alias("unmatched"),
        ]
