"""Exhaustion of a web server by idle connections."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.idle_connection import IdleConnection
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class SlowHttp(LogOdds):
    """Few addresses hold very many connections to a web server open and send next to nothing (Slowloris, slow POST).

    What is normal: a browser holds about six connections to a server, and each of them got an answer; long-lived ones (web sockets,
    polling) are one or two per client. What is hostile: hundreds from one address that never finish a request, so that the server
    never answers.

    The statistic: idle connections per source and unanswered ones as negative binomials (six; three), and a sequential test of
    the share that the server never answered (two in a hundred are ordinary). The attack: Cambiaso et al., "Slow DoS attacks: definition and
    categorisation", IJTMCC 2013.

    Known false positives:
        - a proxy that opens connections in advance to a server that is down behind its load balancer
        - a monitor that only holds connections open

    Blind spots:
        - slow reading: the server did answer
        - the flows are recorded when they end, which may be minutes after the attack began
        - an attack spread over hundreds of addresses with less than six connections each
    """

    name = "slow_http"
    title = "Slow HTTP exhaustion"
    needs = IdleConnection
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1499.002",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        idle, mute, busy = (pl.col(f"{c}_flows") for c in ("idle", "mute", "busy"))
        each = idle / pl.col("source_count").clip(lower_bound=1)
        return [
            Term(
                negative_binomial(each, 6.0, size=1.0).clip(upper_bound=8.0),
                pl.format("{} idle connections per source, where a browser holds six", number(each)),
                "source_count",
            ),
            Term(
                negative_binomial(mute, 3.0, size=0.7).clip(upper_bound=10.0),
                pl.format("{} connections that the server never answered", number(mute)),
                "mute_flows",
            ),
            Term(
                bernoulli(mute, idle - mute + busy, normal=0.02, hostile=0.5).clip(-25.0, 5.0),
                pl.format("{} connections in use", number(idle - mute + busy)),
                "busy_flows",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} sources held {} nearly idle connections to {} port {} ({} s on average, {} never answered).",
            number(pl.col("source_count"), 128),
            number(pl.col("idle_flows")),
            "dst_endpoint.ip",
            "dst_endpoint.port",
            number(pl.col("idle_seconds") / pl.col("idle_flows").clip(lower_bound=1)),
            number(pl.col("mute_flows")),
        )
