"""Kerberos tickets that no domain controller gave."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.ticket_use import TicketUse
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity

KNOWN_DAYS = 3.0
USUAL = 0.3
"""Mean of log1p tickets asked for a day, from which the log is known to hold them."""


class ForgedTicket(LogOdds):
    """An account uses Kerberos tickets that bear marks of forgery: golden and silver tickets, made with a stolen key.

    What is normal: an account asks for a ticket (4768) or renews it (4770) before it gets tickets of services (4769); the controller writes
    the domain as it always does; an account has one security identifier; rights (4672) come with a logon. What is hostile: service tickets
    for an account that asked for none, ten hours and more into a day; a domain all in lower case, as tools write it; one name with several
    identifiers; rights without a logon.

    The statistic is a sum of judged evidence in nats: no single mark reaches the threshold, and a finding only corroborates others. That no
    ticket was asked for counts only where the days before show that the log holds such events, most where the account itself
    was seen asking. Marks after Metcalf, "Detecting forged Kerberos ticket (golden ticket and silver ticket) use", adsecurity.org, 2015.

    Known false positives:
        - a controller whose log is not collected, or only in part: the ticket was asked for there
        - tickets that last longer than ten hours by the domain's policy, and renewals that are not audited
        - an account that was made anew under its old name, or has the name of one in a trusted domain
        - systems that are not Windows and write the domain in lower case

    Blind spots:
        - a forger who writes the names rightly for an account that also works that day
        - a silver ticket on a host whose own log is not read: no controller sees it
        - the first days of a log, before it is known what it holds
        - ticket options, lifetimes and encryption (``kerberos_roasting`` looks at weak encryption), and a missing domain
    """

    name = "forged_ticket"
    title = "Marks of forged Kerberos tickets"
    needs = TicketUse
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1558.001", "T1558.002")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "account")
    targets = (Role(EntityKind.HOST, "hosts"),)
    corroborates = True
    prior = -9.2
    limit = 7.0

    def terms(self) -> list[Term]:
        unasked = (pl.col("used") > 0) & (pl.col("asked") == 0) & pl.col("late")
        own, everyone = _holds("own"), _holds("all")
        odd, ids = pl.col("odd_domains").list.len(), pl.col("ids").list.len()
        return [
            Term(
                pl.when(unasked & own & everyone).then(6.0).when(unasked & everyone).then(4.0),
                pl.format("{} service tickets, and none was asked for or renewed that day", number(pl.col("used"))),
                "used",
            ),
            Term(
                pl.when(odd > 0).then(5.0),
                pl.format("the domain is written in lower case: {}", joined("odd_domains", 2)),
                "odd_domains",
            ),
            Term(
                pl.when(ids > 1).then(5.0),
                pl.format("one name with {} security identifiers: {}", number(ids), joined("ids", 2)),
                "ids",
            ),
            Term(
                pl.when((pl.col("unmatched") > 0) & (_mean("own", "unmatched") < USUAL)).then(2.0),
                pl.format("{} sessions got rights without a logon", number(pl.col("unmatched"))),
                "unmatched",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} used Kerberos tickets with marks of forgery ({} service tickets, {} asked for or renewed).",
            "account",
            number(pl.col("used")),
            number(pl.col("asked")),
        )


def _mean(level: str, of: str) -> pl.Expr:
    return pl.col(f"{level}.{of}.mean").fill_nan(0.0).fill_null(0.0)


def _holds(level: str) -> pl.Expr:
    """Return whether the days before show tickets being asked for."""
    days = pl.col(f"{level}.asked.count").fill_nan(0.0).fill_null(0.0)
    return (days >= KNOWN_DAYS) & (_mean(level, "asked") >= USUAL)
