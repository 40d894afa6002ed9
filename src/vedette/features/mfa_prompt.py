"""Prompts for a second factor that were refused, by account, and whether one was granted in the end."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample
from vedette.features.statistic import negative_binomial

EXPECTED = {timedelta(minutes=10): 0.15, timedelta(hours=1): 0.3, timedelta(days=1): 0.6}
"""Refused prompts of an ordinary account in a window of this width; bursty, so read with ``BURSTS``."""
BURSTS = 0.4

REFUSED_CODES = ("500121",)
"""Microsoft Entra: authentication failed during the request for strong authentication."""
ASKED_CODES = ("50072", "50074", "50076", "50079", "50158")
"""Microsoft Entra: a second factor is needed: the sign-in was interrupted to ask for it."""
SECOND = (
    r"(?i)500121|mfa|push|strong ?auth|two.?(?:factor|step)|second factor|2fa|authenticator|duo|phone ?app|one.?time"
)
"""What speaks of a second factor."""
_DENIED = r"(?i)den(?:y|ied)|reject|declin|fraud|timed? ?out|timeout|no response|not respond|did not pass|user_reject"

_SUCCESS, _FAILURE = 1, 2


class MfaPrompt(WindowFeatures):
    """A row per account: refused prompts, prompts asked for, and a success after the first refusal."""

    name = "mfa_prompt"
    needs = EventClass.AUTHENTICATION
    requires = ("user.name", "status_id")
    uses = (
        *("status_code", "status_detail", "metadata.event_code", "vedette.auth_method", "is_mfa", "count"),
        *("src_endpoint.ip", "service.name", "src_endpoint.location.country"),
    )
    keys = ("user",)
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        words = pl.concat_str(
            [
                pl.col(c).fill_null("")
                for c in ("status_code", "status_detail", "metadata.event_code", "vedette.auth_method")
            ],
            separator=" ",
        )
        code, failed = pl.col("status_code"), pl.col("status_id") == _FAILURE
        second = words.str.contains(SECOND) | pl.col("is_mfa").fill_null(value=False)
        refused = (
            failed
            & second
            & ~code.is_in(ASKED_CODES).fill_null(value=False)
            & (words.str.contains(_DENIED) | code.is_in(REFUSED_CODES))
        )
        asked = failed & code.is_in(ASKED_CODES)
        times = pl.col("count").fill_null(1).clip(lower_bound=1)
        return (
            events.with_columns(
                user=pl.col("user.name"),
                refused=pl.when(refused.fill_null(value=False)).then(times).otherwise(0),
                asked=pl.when(asked.fill_null(value=False)).then(times).otherwise(0),
                let_in=(pl.col("status_id") == _SUCCESS),
                address=pl.col("src_endpoint.ip"),
                service=pl.col("service.name"),
            )
            .filter((pl.col("refused") > 0) | (pl.col("asked") > 0) | pl.col("let_in"))
            .with_columns(proved=pl.col("let_in") & second)
        )

    def partial(self) -> list[pl.Expr]:
        at, refused = pl.col("time"), pl.col("refused") > 0
        return [
            *(pl.col(c).sum() for c in ("refused", "asked")),
            at.filter(refused).min().alias("first_refusal"),
            at.filter(refused).max().alias("last_refusal"),
            at.filter(pl.col("let_in")).max().alias("last_success"),
            at.filter(pl.col("proved")).max().alias("last_proof"),
            sample(pl.col("address").filter(refused)).alias("addresses"),
            sample(pl.col("service").filter(refused), 3).alias("services"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in ("refused", "asked")),
            pl.col("first_refusal").min(),
            *(pl.col(c).max() for c in ("last_refusal", "last_success", "last_proof")),
            merge_sample("addresses"),
            merge_sample("services", 3),
        ]

    def finish(self) -> list[pl.Expr]:
        expected = pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64)
        return [
            *(pl.col(c) for c in ("refused", "asked", "addresses", "services", "first_refusal", "last_refusal")),
            (pl.col("last_success") > pl.col("first_refusal")).fill_null(value=False).alias("in_after"),
            (pl.col("last_proof") > pl.col("first_refusal")).fill_null(value=False).alias("proved_after"),
            negative_binomial(pl.col("refused"), expected, size=BURSTS).alias("excess"),
        ]
