"""Kerberos tickets that are asked for to crack the passwords behind them."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.ticket_source import TicketSource
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class KerberosRoasting(LogOdds):
    """One source asks for tickets of many services in weak encryption, or for tickets of accounts that need no proof.

    What is normal: a program gets tickets for the few services that it uses, with the encryption that all use (AES). What is hostile:
    tickets for all services that run under user accounts, in RC4, within seconds: their passwords can be guessed offline (Kerberoasting,
    Medin, DerbyCon 2014); or tickets for accounts without pre-authentication (AS-REP roasting).

    The statistic: the likelihood ratio of a negative binomial count of different weakly encrypted services in an hour, against what is
    normal for this source and for everyone (where RC4 is still the rule, more is expected); the share of weak among all tickets; the pace;
    and the count of accounts that got a weak ticket without proof. Services of machine accounts do not count. Reads Windows events 4768
    and 4769 and Kerberos on the wire.

    Known false positives:
        - an inventory or vulnerability scanner with an account of the domain
        - old servers and appliances that speak RC4 only
        - accounts without pre-authentication that are used on purpose

    Blind spots:
        - one or two tickets at a time, and tickets in AES: they are asked for like any other
        - on the wire the pre-authentication of a granted ticket is not told
        - bursts over the end of an hour count in halves
    """

    name = "kerberos_roasting"
    title = "Kerberos tickets to crack"
    needs = TicketSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1558.003", "T1558.004")
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (
        Role(EntityKind.USER, "bare_users"),
        Role(EntityKind.SERVICE, "cracked"),
        Role(EntityKind.HOST, "centres"),
    )
    prior = -9.2
    alert_from = 0.8

    def terms(self) -> list[Term]:
        weak, bare, some = pl.col("weak_services"), pl.col("unproved"), pl.col("weak_services") >= _SOME
        usual = _usual("weak_services")
        pace = (pl.col("seconds") / (weak - 1).clip(lower_bound=1)).clip(lower_bound=0.02)
        return [
            Term(
                negative_binomial(weak, pl.max_horizontal(pl.lit(_EXPECTED), usual), size=0.5).clip(upper_bound=14.0),
                pl.format(
                    "{} services of user accounts asked for in weak encryption: {}", number(weak), joined("cracked")
                ),
                "weak_services",
            ),
            Term(
                pl.when(some).then(
                    bernoulli(weak, pl.col("strong").cast(pl.Float64), normal=0.1, hostile=0.9).clip(-6.0, 4.0)
                ),
                pl.format("{} tickets in weak encryption, {} in strong", number(weak), number(pl.col("strong"))),
                "strong",
            ),
            Term(
                pl.when(some).then((1.5 * (6.0 / pace).log()).clip(-2.0, 4.0)),
                pl.format("one every {} s", pace.round(1)),
                "seconds",
            ),
            Term(
                pl.when(bare > 0).then(9.0 + (2.0 * bare.log()).clip(0.0, 5.0)),
                pl.format("{} accounts got a weak ticket without proof: {}", number(bare), joined("bare_users")),
                "unproved",
            ),
            Term(
                pl.when((bare > 0) & (_usual("unproved") >= bare / 2)).then(-4.0),
                pl.lit("as it does every day"),
                "unproved",
            ),
        ]

    def sentence(self) -> pl.Expr:
        by = (
            pl.when(pl.col("askers").list.len() > 0)
            .then(pl.format(" (as {})", joined("askers", 2)))
            .otherwise(pl.lit(""))
        )
        roast = pl.format(
            "{}{} asked for tickets of {} services in weak encryption.", "source", by, number(pl.col("weak_services"))
        )
        bare = pl.format(
            "{} got tickets of {} accounts that need no proof: {}.",
            "source",
            number(pl.col("unproved")),
            joined("bare_users"),
        )
        return pl.when(pl.col("unproved") > pl.col("weak_services")).then(bare).otherwise(roast)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """Which of the two it is."""
        counts = rows.select("weak_services", "unproved").rows()  # hits only: few
        return [
            (*(("T1558.003",) if (weak or 0) >= _SOME else ()), *(("T1558.004",) if bare else ())) or self.techniques
            for weak, bare in counts
        ]


_EXPECTED = 0.15
_SOME = 2


def _usual(number_of: str) -> pl.Expr:
    """Return how many are normal for this source, by its own history and everyone's."""
    own, everyone = (
        pl.col(f"{who}.{number_of}.mean").fill_nan(0.0).fill_null(0.0).clip(0.0, 20.0).exp() - 1
        for who in ("own", "all")
    )
    return pl.max_horizontal(own, everyone)
