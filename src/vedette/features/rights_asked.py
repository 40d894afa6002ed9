"""Tries to become another account on the same machine (sudo, su), by host and account."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.command import SERVICE_ACCOUNTS
from vedette.features.sketch import merge_sample, sample

SERVICES = ("sudo", "sudo-i", "su", "su-l", "doas", "pkexec", "polkit-1", "runuser")
EXPECTED = {timedelta(minutes=5): 0.7, timedelta(hours=1): 1.5, timedelta(days=1): 3.0}
"""Refused tries of an ordinary account in a window of this width."""

_LOGON, _SUCCESS, _FAILURE = 1, 1, 2
_FAILED = pl.col("status_id") == _FAILURE


class RightsAsked(WindowFeatures):
    """A row per host and account that asks: how often it was refused, and whether it succeeded afterwards."""

    name = "rights_asked"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "service.name", "user.name")
    uses = ("count", "device.hostname", "actor.user.name", "status_detail")
    keys = ("host", "asker")
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        asks = pl.col("service.name").is_in(SERVICES) & (pl.col("activity_id") == _LOGON)
        actor = pl.col("actor.user.name")
        return events.filter(asks & pl.col("status_id").is_in([_SUCCESS, _FAILURE])).with_columns(
            host=pl.col("device.hostname").fill_null("(unnamed host)"),
            asker=pl.coalesce(pl.when(actor != "").then(actor), "user.name", pl.lit("?")),
            times=pl.col("count").fill_null(1).clip(lower_bound=1),
            denied=pl.col("status_detail").str.contains(r"(?i)not in sudoers|not allowed").fill_null(value=False),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("times").filter(_FAILED).sum().alias("failures"),
            pl.col("times").filter(~_FAILED).sum().alias("successes"),
            (_FAILED & pl.col("denied")).sum().cast(pl.Int64).alias("denied"),
            pl.col("time").filter(_FAILED).min().alias("first_failure"),
            pl.col("time").filter(_FAILED).max().alias("last_failure"),
            pl.col("time").filter(~_FAILED).max().alias("last_success"),
            sample(pl.col("user.name"), 4).alias("wanted"),
            sample(pl.col("service.name"), 3).alias("services"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("failures", "successes", "denied")),
            pl.col("first_failure").min(),
            *(pl.col(c).max() for c in ("last_failure", "last_success")),
            merge_sample("wanted", 4),
            merge_sample("services", 3),
        ]

    def finish(self) -> list[pl.Expr]:
        seconds = (pl.col("last_failure") - pl.col("first_failure")).dt.total_microseconds() / 1e6
        return [
            *(pl.col(c) for c in ("failures", "successes", "denied", "wanted", "services")),
            (seconds / (pl.col("failures") - 1).clip(lower_bound=1)).fill_null(0.0).alias("gap_seconds"),
            (pl.col("last_success") > pl.col("first_failure")).fill_null(value=False).alias("in_after_failure"),
            pl.col("asker").is_in(SERVICE_ACCOUNTS).alias("by_service"),
            pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64).alias("expected"),
        ]
