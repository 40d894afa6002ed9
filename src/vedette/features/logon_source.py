"""Logons by source address: how many tries, on how many accounts, how fast, and whether one got in."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.clock import clock_lock, clock_parts, merge_clock
from vedette.features.logon_failure import no_guess
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample
from vedette.features.statistic import negative_binomial

EXPECTED_FAILURES = {timedelta(minutes=5): 0.5, timedelta(hours=1): 1.5, timedelta(days=1): 5.0}
"""Failed logons of an ordinary source in a window of this width; bursty, so read with ``BURSTS``."""

BURSTS = 0.5
"""Size of the negative binomial: small, since who mistypes once mistypes again."""

_LOGON, _SUCCESS, _FAILURE = 1, 1, 2
_FAILED = pl.col("failed") > 0


class LogonSource(WindowFeatures):
    """A row per source (its address, or the name that the log has instead): failed and successful logons over the network."""

    name = "logon_source"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name")
    uses = (
        *("src_endpoint.ip", "src_endpoint.hostname", "count", "device.hostname", "service.name", "dst_endpoint.ip"),
        *("status_code", "status_detail"),
    )
    keys = ("source",)
    windows = tuple(EXPECTED_FAILURES)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        times = pl.col("count").fill_null(1).clip(lower_bound=1)
        logon = (pl.col("activity_id") == _LOGON) & pl.col("status_id").is_in([_SUCCESS, _FAILURE])
        source = pl.coalesce("src_endpoint.ip", "src_endpoint.hostname")
        told = ~((pl.col("status_id") == _FAILURE) & no_guess(pl.col("status_code"), pl.col("status_detail")))
        return events.filter(logon & source.is_not_null() & told).with_columns(
            source=source,
            failed=pl.when(pl.col("status_id") == _FAILURE).then(times).otherwise(0),
            succeeded=pl.when(pl.col("status_id") == _SUCCESS).then(times).otherwise(0),
            host=pl.coalesce("device.hostname", "dst_endpoint.ip"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("failed").sum().alias("failures"),
            pl.col("succeeded").sum().alias("successes"),
            pl.col("time").filter(_FAILED).min().alias("first_failure"),
            pl.col("time").filter(_FAILED).max().alias("last_failure"),
            pl.col("time").filter(~_FAILED).max().alias("last_success"),
            distinct(pl.col("user.name").filter(_FAILED)).alias("failed_accounts"),
            distinct(pl.col("user.name").filter(~_FAILED)).alias("let_in_accounts"),
            sample(pl.col("user.name").filter(_FAILED)).alias("tried"),
            sample(pl.col("user.name").filter(~_FAILED)).alias("let_in"),
            sample(pl.col("host")).alias("hosts"),
            sample(pl.col("service.name"), 3).alias("services"),
            *clock_parts(pl.col("time").filter(_FAILED)),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("failures", "successes")),
            pl.col("first_failure").min(),
            *(pl.col(c).max() for c in ("last_failure", "last_success")),
            *(merge_distinct(name) for name in ("failed_accounts", "let_in_accounts")),
            *(merge_sample(name) for name in ("tried", "let_in", "hosts")),
            merge_sample("services", 3),
            *merge_clock(),
        ]

    def finish(self) -> list[pl.Expr]:
        failed, let_in = count_distinct("failed_accounts"), count_distinct("let_in_accounts")
        span = (pl.col("last_failure") - pl.col("first_failure")).dt.total_microseconds() / 1e6
        expected = pl.col("window").replace_strict(EXPECTED_FAILURES, default=None, return_dtype=pl.Float64)
        return [
            *(pl.col(c) for c in ("failures", "successes", "tried", "let_in", "hosts", "services")),
            failed.alias("accounts_failed"),
            let_in.alias("accounts_let_in"),
            (failed - let_in).clip(lower_bound=0).alias("accounts_refused"),
            (pl.col("failures") / failed).fill_nan(0.0).alias("tries_per_account"),
            (span / (pl.col("failures") - 1).clip(lower_bound=1)).alias("gap_seconds"),
            (pl.col("last_success") > pl.col("first_failure")).fill_null(value=False).alias("in_after_failure"),
            negative_binomial(pl.col("failures"), expected, size=BURSTS).alias("failure_excess"),
            clock_lock().alias("clock_lock"),
        ]
