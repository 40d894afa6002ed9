"""Requests for Kerberos tickets by source: which accounts were unknown, which proved their password wrong, which were let in."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample
from vedette.features.statistic import negative_binomial

EXPECTED_UNKNOWN = {timedelta(minutes=10): 0.1, timedelta(hours=1): 0.2, timedelta(days=1): 0.5}
"""Names that an ordinary host asks a ticket for and that do not exist: a typing error, an old service account."""
EXPECTED_WRONG = {timedelta(minutes=10): 0.2, timedelta(hours=1): 0.5, timedelta(days=1): 1.5}
"""Accounts that get their password wrong on one host; bursty, so read with ``BURSTS``."""
BURSTS = 0.5

_TICKETS = (3, 6)
"""Activities: a ticket was asked for; it was asked for without proof, which the next request brings."""
_UNKNOWN, _WRONG = "KDC_ERR_C_PRINCIPAL_UNKNOWN", "KDC_ERR_PREAUTH_FAILED"
_KNOWN = (
    "KDC_ERR_PREAUTH_REQUIRED",
    "KRB_ERR_RESPONSE_TOO_BIG",
    _WRONG,
    "KDC_ERR_CLIENT_REVOKED",
    "KDC_ERR_KEY_EXPIRED",
)
_SUCCESS = 1


class KerberosSource(WindowFeatures):
    """A row per source of requests to a key distribution centre."""

    name = "kerberos_source"
    needs = EventClass.AUTHENTICATION
    requires = ("src_endpoint.ip", "user.name", "auth_protocol")
    uses = ("activity_id", "status_id", "status_code", "dst_endpoint.ip")
    keys = ("source",)
    windows = tuple(EXPECTED_UNKNOWN)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        asked = (pl.col("auth_protocol") == "Kerberos") & pl.col("activity_id").is_in(_TICKETS)
        let_in = pl.col("status_id") == _SUCCESS
        return events.filter(asked).with_columns(
            source=pl.col("src_endpoint.ip"),
            centre=pl.col("dst_endpoint.ip"),
            unknown=pl.when(pl.col("status_code") == _UNKNOWN).then("user.name"),
            wrong=pl.when(pl.col("status_code") == _WRONG).then("user.name"),
            known=pl.when(let_in | pl.col("status_code").is_in(_KNOWN)).then("user.name"),
            let_in=pl.when(let_in).then("user.name"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            *(distinct(pl.col(name)).alias(f"{name}_names") for name in ("unknown", "wrong", "known")),
            pl.col("wrong").count().cast(pl.Int64).alias("wrong_tries"),
            sample(pl.col("unknown")).alias("unknown_users"),
            sample(pl.col("wrong")).alias("wrong_users"),
            sample(pl.col("let_in")).alias("let_in_users"),
            sample(pl.col("centre")).alias("centres"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(merge_distinct(f"{name}_names") for name in ("unknown", "wrong", "known")),
            pl.col("wrong_tries").sum(),
            *(merge_sample(name) for name in ("unknown_users", "wrong_users", "let_in_users", "centres")),
        ]

    def finish(self) -> list[pl.Expr]:
        unknown, wrong = count_distinct("unknown_names"), count_distinct("wrong_names")
        return [
            *(pl.col(c) for c in ("wrong_tries", "unknown_users", "wrong_users", "let_in_users", "centres")),
            unknown.alias("unknown"),
            wrong.alias("wrong"),
            count_distinct("known_names").alias("known"),
            negative_binomial(unknown, _expected(EXPECTED_UNKNOWN), size=BURSTS).alias("unknown_excess"),
            negative_binomial(wrong, _expected(EXPECTED_WRONG), size=BURSTS).alias("wrong_excess"),
        ]


def _expected(of: dict[timedelta, float]) -> pl.Expr:
    return pl.col("window").replace_strict(of, default=None, return_dtype=pl.Float64)
