"""SSH connections by source: how many logons failed, at how many hosts, as Zeek's ssh.log tells."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.clock import clock_lock, clock_parts, merge_clock
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

EXPECTED = {timedelta(minutes=5): 0.7, timedelta(hours=1): 2.0, timedelta(days=1): 6.0}
"""Failed logons of an ordinary source in a window of this width."""

_SUCCESS, _FAILURE = 1, 2
_FAILED = pl.col("status_id") == _FAILURE


class SshSource(WindowFeatures):
    """A row per source of SSH connections whose outcome is known."""

    name = "ssh_source"
    needs = EventClass.SSH_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "status_id")
    uses = ("vedette.auth_attempts", "vedette.client_banner")
    keys = ("src_endpoint.ip",)
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        known = pl.col("status_id").is_in([_SUCCESS, _FAILURE]) & pl.col("src_endpoint.ip").is_not_null()
        return events.filter(known).with_columns(
            tries=pl.col("vedette.auth_attempts").cast(pl.Int64).fill_null(1).clip(lower_bound=1)
        )

    def partial(self) -> list[pl.Expr]:
        return [
            _FAILED.sum().cast(pl.Int64).alias("failures"),
            (~_FAILED).sum().cast(pl.Int64).alias("successes"),
            pl.col("tries").filter(_FAILED).sum().alias("tries"),
            pl.col("time").filter(_FAILED).min().alias("from"),
            pl.col("time").filter(_FAILED).max().alias("until"),
            pl.col("time").filter(~_FAILED).max().alias("last_success"),
            distinct(pl.col("dst_endpoint.ip").filter(_FAILED)).alias("failed_hosts"),
            distinct(pl.col("dst_endpoint.ip").filter(~_FAILED)).alias("let_in_hosts"),
            sample(pl.col("dst_endpoint.ip").filter(_FAILED)).alias("hosts"),
            sample(pl.col("vedette.client_banner"), 2).alias("clients"),
            *clock_parts(pl.col("time").filter(_FAILED)),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("failures", "successes", "tries")),
            pl.col("from").min(),
            *(pl.col(c).max() for c in ("until", "last_success")),
            *(merge_distinct(c) for c in ("failed_hosts", "let_in_hosts")),
            merge_sample("hosts"),
            merge_sample("clients", 2),
            *merge_clock(),
        ]

    def finish(self) -> list[pl.Expr]:
        seconds = (pl.col("until") - pl.col("from")).dt.total_microseconds() / 1e6
        return [
            *(pl.col(c) for c in ("failures", "successes", "tries", "hosts", "clients")),
            count_distinct("failed_hosts").round(0).alias("hosts_failed"),
            count_distinct("let_in_hosts").round(0).alias("hosts_let_in"),
            (seconds / (pl.col("failures") - 1).clip(lower_bound=1)).fill_null(0.0).alias("gap_seconds"),
            (pl.col("last_success") > pl.col("from")).fill_null(value=False).alias("in_after_failure"),
            pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64).alias("expected"),
            clock_lock().alias("clock_lock"),
        ]
