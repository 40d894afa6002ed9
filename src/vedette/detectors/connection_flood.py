"""A flood of web connections from one client."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.web_client import WebClient
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class ConnectionFlood(LogOdds):
    """One client opens connection after connection to a web server and gets the same answer every time.

    What is normal: a browser opens a few dozen connections a minute to a server, and the answers differ in size; a proxy for an
    office opens hundreds, with answers of every size. What is hostile: hundreds or thousands a minute with answers all alike. It shows an
    HTTP flood where the requests are encrypted or not recorded.

    The statistic: connections a minute as a negative binomial against forty, the spread of the answers' sizes, as flash crowds ask for
    many things and floods for one (Jung, Krishnamurthy, Rabinovich, "Flash crowds and denial of service attacks", WWW 2002), and
    the share of connections that got no answer.

    Known false positives:
        - an application that calls another's interface thousands of times a minute, a connection each
        - a load test, a balancer's health check in a hurry

    Blind spots:
        - a flood over a few connections that stay open (HTTP/2)
        - many clients with few connections each
        - answers that differ in size

    Between two hosts of our own it is more likely an application than an attack, and counts less.
    """

    name = "connection_flood"
    title = "Web connection flood"
    needs = WebClient
    analytic = Analytic.STATISTICAL
    techniques = ("T1499.002",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        n, spread, silent = pl.col("connections"), pl.col("got_spread"), pl.col("unanswered")
        return [
            Term(
                negative_binomial(n, 40.0, size=0.7).clip(upper_bound=12.0),
                pl.format("{} connections in a minute, where forty are many", number(n)),
                "connections",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((3.0 * (0.3 / spread.clip(lower_bound=0.03)).log()).clip(-8.0, 4.0)),
                pl.format("the answers' sizes vary by {} %", number(100 * spread)),
                "got_spread",
            ),
            Term(
                bernoulli(silent, n - silent, normal=0.1, hostile=0.5).clip(-1.0, 3.0),
                pl.format("{} connections got no answer", number(silent)),
                "unanswered",
            ),
            Term(
                pl.when(pl.col("direction") == _LATERAL).then(-6.0),
                pl.lit("both hosts are ours: applications connect like this"),
                "direction",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} opened {} connections in a minute to {} port {}, with answers of {} bytes that vary by {} %.",
            "src_endpoint.ip",
            number(pl.col("connections")),
            "dst_endpoint.ip",
            "dst_endpoint.port",
            number(pl.col("got_mean")),
            number(100 * pl.col("got_spread")),
        )


_ENOUGH = 20
_LATERAL = 3
