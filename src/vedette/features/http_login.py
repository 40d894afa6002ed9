"""Login requests by source, web site and path: how many, how they were answered, how alike the answers are."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.clock import clock_lock, clock_parts, merge_clock

LOGIN_WORDS = r"(?i)log-?[io]n|sign-?in|auth|passw|session|xmlrpc|token|account|/admin|/owa|\bsso\b"
"""A path that asks for a password, in the words that web applications use."""

EXPECTED = {timedelta(minutes=5): 2.0, timedelta(hours=1): 6.0}
"""Login requests of one source to one path that are ordinary in a window of this width."""

_UNAUTHORIZED, _FORBIDDEN = 401, 403
_REFUSED = pl.col("refused")
_COUNTS = ("requests", "refused", "granted", "size", "size_squared", "sized")
_ENOUGH = 2


class HttpLogin(WindowFeatures):
    """A row per source, web site and path that gets POSTs or refuses access.

    ``refused``: answered 401, or 403 where the path speaks of logins; ``granted``: answered with a redirection, as most applications
    greet who got in; ``size_spread``: the coefficient of variation of the answers' body length. A server whose log gives it neither name
    nor address goes by the name of the log.
    """

    name = "http_login"
    needs = EventClass.HTTP_ACTIVITY
    requires = ("src_endpoint.ip", "http_request.http_method", "http_response.code")
    uses = ("dst_endpoint.ip", "http_request.url.hostname", "http_request.url.path", "http_response.body_length")
    keys = ("src_endpoint.ip", "site", "path")
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        code = pl.col("http_response.code")
        named = pl.col("http_request.url.path").str.contains(LOGIN_WORDS).fill_null(value=False)
        refused = (code == _UNAUTHORIZED) | ((code == _FORBIDDEN) & named)
        asks = (pl.col("http_request.http_method") == "POST") | refused
        return events.filter(asks & code.is_not_null() & pl.col("src_endpoint.ip").is_not_null()).with_columns(
            site=pl.coalesce("http_request.url.hostname", "dst_endpoint.ip", "metadata.log_name"),
            path=pl.col("http_request.url.path").str.head(128),
            refused=refused,
            granted=code.is_between(300, 399),
            size=pl.col("http_response.body_length"),
        )

    def partial(self) -> list[pl.Expr]:
        size = pl.col("size").clip(0, 1_000_000)
        return [
            pl.len().cast(pl.Int64).alias("requests"),
            _REFUSED.sum().cast(pl.Int64).alias("refused"),
            pl.col("granted").sum().cast(pl.Int64).alias("granted"),
            size.sum().alias("size"),
            (size**2).sum().alias("size_squared"),
            size.count().cast(pl.Int64).alias("sized"),
            pl.col("time").min().alias("from"),
            pl.col("time").max().alias("until"),
            *clock_parts(pl.col("time")),
        ]

    def merge(self) -> list[pl.Expr]:
        return [*(pl.col(c).sum() for c in _COUNTS), pl.col("from").min(), pl.col("until").max(), *merge_clock()]

    def finish(self) -> list[pl.Expr]:
        n, sized = pl.col("requests"), pl.col("sized")
        mean = pl.col("size") / sized
        spread = (pl.col("size_squared") / sized - mean**2).clip(lower_bound=0.0).sqrt() / mean.clip(lower_bound=1.0)
        seconds = (pl.col("until") - pl.col("from")).dt.total_microseconds() / 1e6
        return [
            *(pl.col(c) for c in ("requests", "refused", "granted")),
            pl.when(sized >= _ENOUGH).then(spread).alias("size_spread"),
            pl.col("path").str.contains(LOGIN_WORDS).fill_null(value=False).alias("asks_password"),
            (seconds / (n - 1).clip(lower_bound=1)).fill_null(0.0).alias("gap_seconds"),
            pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64).alias("expected"),
            clock_lock().alias("clock_lock"),
        ]
