"""Logons by host: from how many addresses, with what outcome."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.logon_failure import no_guess
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

_LOGON, _SUCCESS, _FAILURE = 1, 1, 2
_FAILED = pl.col("status_id") == _FAILURE
_SETS = ("failed_sources", "let_in_sources", "failed_accounts", "let_in_accounts")


class LogonHost(WindowFeatures):
    """A row per host that people log on to over the network."""

    name = "logon_host"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name")
    uses = (
        *("src_endpoint.ip", "src_endpoint.hostname", "count", "device.hostname", "dst_endpoint.ip", "service.name"),
        *("cloud.account.uid", "status_code", "status_detail"),
    )
    keys = ("host",)
    windows = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        logon = (pl.col("activity_id") == _LOGON) & pl.col("status_id").is_in([_SUCCESS, _FAILURE])
        source = pl.coalesce("src_endpoint.ip", "src_endpoint.hostname")
        told = ~(_FAILED & no_guess(pl.col("status_code"), pl.col("status_detail")))
        return events.filter(logon & source.is_not_null() & told).with_columns(
            source=source,
            host=pl.coalesce(
                pl.when(pl.col("cloud.account.uid").is_null()).then(
                    "device.hostname"
                ),  # a cloud's log names the client's device
                *("dst_endpoint.ip", "cloud.account.uid", "device.hostname"),
                pl.lit("(unnamed host)"),
            ),
            times=pl.col("count").fill_null(1).clip(lower_bound=1),
        )

    def partial(self) -> list[pl.Expr]:
        source, user = pl.col("source"), pl.col("user.name")
        return [
            pl.col("times").filter(_FAILED).sum().alias("failures"),
            pl.col("times").filter(~_FAILED).sum().alias("successes"),
            distinct(source.filter(_FAILED)).alias("failed_sources"),
            distinct(source.filter(~_FAILED)).alias("let_in_sources"),
            distinct(user.filter(_FAILED)).alias("failed_accounts"),
            distinct(user.filter(~_FAILED)).alias("let_in_accounts"),
            sample(source.filter(_FAILED)).alias("sources"),
            sample(user.filter(_FAILED)).alias("tried"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("failures", "successes")),
            *(merge_distinct(c) for c in _SETS),
            *(merge_sample(c) for c in ("sources", "tried")),
        ]

    def finish(self) -> list[pl.Expr]:
        failed, let_in = count_distinct("failed_sources"), count_distinct("let_in_sources")
        return [
            *(pl.col(c) for c in ("failures", "successes", "sources", "tried")),
            *(count_distinct(c).round(0).alias(f"{c}_count") for c in _SETS),
            (failed - let_in).clip(lower_bound=0).round(0).alias("sources_refused"),
            (pl.col("failures") / failed).fill_nan(0.0).alias("tries_per_source"),
        ]
