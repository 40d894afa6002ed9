"""Password guessing against a web login."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.http_login import HttpLogin
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class HttpBruteForce(LogOdds):
    """One address sends login after login to one web page and gets the same refusal every time.

    What is normal: two or three tries and then a redirection to the inside; scripts that post telemetry to a path that has nothing to do
    with logins. What is hostile: dozens of requests to a login path, refused (401, 403) or answered with one and the same page.

    The statistic: the count as a negative binomial against a few; a sequential test of refusals (Jung et al., IEEE S&P 2004; a
    tenth is ordinary); the spread of the answers' sizes, since a failed login always shows the same page; whether the path's words
    speak of logins; time-keeping, which speaks for a job.

    Known false positives:
        - an application whose token expired and that asks again and again
        - many people behind one address on a site with one login path

    Blind spots:
        - encrypted requests, unless a proxy or the server logs them
        - guessing from many addresses
        - forms whose refusal differs in size every time
    """

    name = "http_brute_force"
    title = "Web login guessing"
    needs = HttpLogin
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1110.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "site"),)

    def terms(self) -> list[Term]:
        n, refused, gap = pl.col("requests"), pl.col("refused"), pl.col("gap_seconds")
        spread, scheduled = pl.col("size_spread"), (gap >= _SCHEDULE_SECONDS) & (pl.col("clock_lock") > _LOCKED)
        return [
            Term(
                negative_binomial(n, pl.col("expected"), size=0.6).clip(upper_bound=10.0),
                pl.format("{} login requests, where a person sends two or three", number(n)),
                "requests",
            ),
            Term(
                pl.when(refused > 0).then(bernoulli(refused, n - refused, normal=0.1, hostile=0.9).clip(-6.0, 5.0)),
                pl.format("{} of them refused", number(refused)),
                "refused",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((1.5 * (0.1 / spread.clip(lower_bound=0.01)).log()).clip(-5.0, 3.0)),
                pl.format("the answers' sizes vary by {} %", (100 * spread).round(0).cast(pl.Int64)),
                "size_spread",
            ),
            Term(
                pl.when("asks_password").then(2.0).otherwise(-5.0),
                pl.when("asks_password")
                .then(pl.format("{} is a login by its name", "path"))
                .otherwise(pl.lit("the path does not speak of logins")),
                "path",
            ),
            Term(
                (-3.0 * (pl.col("granted") / n - 0.1).clip(lower_bound=0.0) * 10).clip(-12.0, 0.0),
                pl.format("{} were let in (redirected)", number(pl.col("granted"))),
                "granted",
            ),
            Term(
                pl.when(scheduled).then(-14.0 * pl.col("clock_lock")),
                pl.format("keeps the clock ({}): a job", pl.col("clock_lock").round(2)),
                "clock_lock",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} sent {} login requests{} on {} (one each {} s); {} refused, {} redirected.",
            "src_endpoint.ip",
            number(pl.col("requests")),
            pl.format(" for {}", "path").fill_null(""),
            "site",
            pl.col("gap_seconds").round(1),
            number(pl.col("refused")),
            number(pl.col("granted")),
        )


_SCHEDULE_SECONDS = 8.0
_LOCKED = 0.8
_ENOUGH = 5
