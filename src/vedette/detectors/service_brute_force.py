"""Password guessing seen from flows alone."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_connection import LogonConnection
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class ServiceBruteForce(LogOdds):
    """Many short, alike connections of one address to one service that asks for a password.

    What is normal: a few connections that do their work and differ in size; jobs that come by the clock. What is hostile: dozens
    of connections, each as large as a refused logon is in that protocol, all alike, one after the other.

    The statistic: the count as a negative binomial against a few; the share of the connections that have the size of a refused logon
    (a sequential test, as Jung et al., IEEE S&P 2004); the spread of their sizes, since a dictionary sends the same messages again and
    again (Hellemons et al., "SSHCure: a flow-based SSH intrusion detection system", AIMS 2012; Hofstede et al., "SSH compromise
    detection using NetFlow/IPFIX", CCR 2014); time-keeping, which speaks for a job.

    Known false positives:
        - automation that runs the same short command over SSH again and again
        - an application without connection pool that opens a database connection per request
        - a client with an old password that tries again at once

    Blind spots:
        - a successful guess: it cannot be told from flows
        - several tries in a connection that stays open
        - services on other ports, or behind a proxy
        - flow records without payload bytes
    """

    name = "service_brute_force"
    title = "Password guessing over the network"
    needs = LogonConnection
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1110.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        n, gap, others = pl.col("attempts"), pl.col("gap_seconds"), pl.col("others")
        spread = pl.max_horizontal("sent_spread", "got_spread")
        scheduled = (gap >= _SCHEDULE_SECONDS) & (pl.col("clock_lock") > _LOCKED)
        return [
            Term(
                negative_binomial(n, pl.col("expected"), size=0.7).clip(upper_bound=12.0),
                pl.format("{} connections of the size of a refused {} logon", number(n), "service"),
                "attempts",
            ),
            Term(
                pl.when(pl.col("dst_endpoint.port") == _KERBEROS)
                .then(bernoulli(n, others, normal=0.5, hostile=0.97).clip(-25.0, 8.0))
                .otherwise(bernoulli(n, others, normal=0.6, hostile=0.97).clip(-25.0, 4.0)),
                pl.format("{} connections of another size", number(others)),
                "others",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((2.0 * (0.3 / spread.clip(lower_bound=0.02)).log()).clip(-6.0, 3.0)),
                pl.format("their sizes vary by {} %", (100 * spread).round(0).cast(pl.Int64)),
                "got_spread",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((1.5 * (15.0 / gap.clip(lower_bound=0.05)).log()).clip(-5.0, 4.0)),
                pl.format("one each {} s", gap.round(2)),
                "gap_seconds",
            ),
            Term(
                pl.when(scheduled).then(-20.0 * pl.col("clock_lock")),
                pl.format("keeps the clock ({}): a job or health check", pl.col("clock_lock").round(2)),
                "clock_lock",
            ),
            Term(
                pl.when((pl.col("direction") == _LATERAL) & pl.col("dst_endpoint.port").is_in(_DATABASES)).then(-14.0),
                pl.lit("a database reached from inside: applications connect like this"),
                "dst_endpoint.port",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} made {} short, alike connections to {} on {} (port {}), one each {} s, as if guessing passwords.",
            "src_endpoint.ip",
            number(pl.col("attempts")),
            "service",
            "dst_endpoint.ip",
            "dst_endpoint.port",
            pl.col("gap_seconds").round(2),
        )

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return rows.select(pl.format("{} password guessing", pl.col("service").fill_null("Network")).alias("t"))[
            "t"
        ].to_list()


_SCHEDULE_SECONDS = 8.0
"""A job or health check is no quicker than this."""

_LOCKED = 0.8
_ENOUGH = 5
_LATERAL = 3
_KERBEROS = 88  # the size tells the outcome: every logon that works is one refusal and one ticket
_DATABASES = (1433, 3306, 5432)
