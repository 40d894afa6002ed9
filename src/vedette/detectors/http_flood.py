"""HTTP flood against one web site."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.http_target import HttpTarget
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class HttpFlood(LogOdds):
    """More requests than people make, for the same few things, until the web site fails.

    What is normal: many visitors with a few requests each, for many paths (pages, pictures, scripts), nearly all served. So is a flash
    crowd. What is hostile: few visitors with many requests each, for one path, and a server that stops serving.

    The statistic follows Jung, Krishnamurthy, Rabinovich ("Flash crowds and denial of service attacks", WWW 2002), who tell the two
    apart by requests per client and by what is asked for: requests a second in all and per source as negative binomials, the
    requests per distinct path, and a sequential test of the share that was not served.

    Known false positives:
        - a load test
        - a proxy or application that polls one path many times a second and fails
        - a capture without the answers

    Blind spots:
        - encrypted requests, unless a proxy or the server logs them
        - a slow flood of many clients that ask for expensive pages
        - HTTP/2 and HTTP/3

    One client whose requests are served is of medium severity; many, or a server that fails, of high.
    """

    name = "http_flood"
    title = "HTTP flood"
    needs = HttpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1499.002",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.DOMAIN, "site"), Role(EntityKind.ADDRESS, "dst_endpoint.ip"))

    def terms(self) -> list[Term]:
        n, rate = pl.col("requests"), pl.col("request_rate")
        each = rate / pl.col("source_count").clip(lower_bound=1)
        same = n / pl.col("path_count").clip(lower_bound=1)
        return [
            Term(
                negative_binomial(rate, 30.0, size=0.7).clip(upper_bound=10.0),
                pl.format("{} requests a second", number(rate)),
                "request_rate",
            ),
            Term(
                negative_binomial(each, 2.0, size=0.4).clip(upper_bound=6.0),
                pl.format("{} a second from each source", each.round(1)),
                "source_count",
            ),
            Term(
                (1.5 * (same / 30.0).log()).clip(-5.0, 4.0),
                pl.format("{} requests for each path", number(same)),
                "path_count",
            ),
            Term(
                bernoulli(pl.col("unserved"), n - pl.col("unserved"), normal=0.1, hostile=0.6).clip(-5.0, 5.0),
                pl.format("{} of {} not served", number(pl.col("unserved")), number(n)),
                "unserved",
            ),
            Term(pl.when(n < _FEW).then(-6.0), pl.format("only {} requests in all", "requests"), "requests"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{}{} got {} requests ({} a second) from {} sources for {} paths ({} ...); {} were not served.",
            "site",
            pl.format(" ({})", "dst_endpoint.ip").fill_null(""),
            number(pl.col("requests")),
            number(pl.col("request_rate")),
            number(pl.col("source_count"), 128),
            number(pl.col("path_count"), 128),
            joined("paths", 1),
            number(pl.col("unserved")),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        hurts = pl.col("unserved") > _STRAINED * pl.col("requests")
        strong = (hurts | (pl.col("source_count") >= _MANY)).fill_null(value=False)
        return [
            self.severity if bad else Severity.MEDIUM for bad in rows.select(strong.alias("s"))["s"]
        ]  # hits only: few


_STRAINED, _MANY = 0.1, 20  # share not served, sources: below both it is one busy client that the server bears

_FEW = 300
