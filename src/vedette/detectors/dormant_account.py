"""Accounts that wake."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_evidence import news, novelty, shown
from vedette.features.logon_user import COVER_DAYS, COVERED, LogonUser
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class DormantAccount(LogOdds):
    """An account logs on that nobody used for a month.

    What is normal: people are away for two weeks, and their accounts with them; parental leave and seasonal work make longer gaps. What is
    hostile: an account that was forgotten (a leaver's, a test's, a former supplier's) and that somebody else found.

    Each logon tells of its period of ten days and of the two after it. An account is dormant whose present period nothing told of,
    though it was used on at least five days before, and though most other accounts were seen in that time (so that the log itself had no
    gap). A dormant account alone is a building block; that it comes from a country, network, program or machine that it never had, or to
    a place it never went to, is added as in ``unusual logon``.

    Known false positives:
        - people who come back from a long leave
        - yearly jobs, seasonal staff, auditors
        - accounts for emergencies, when they are tested

    Blind spots:
        - silence shorter than twenty days; between twenty and thirty it depends on the calendar
        - what the log never saw: with no history every account is new, and none is dormant
        - values are forgotten after half a year, and with them that the account was ever seen at a place
    """

    name = "dormant_account"
    title = "Dormant account woken"
    needs = LogonUser
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "addresses", otherwise=Role(EntityKind.USER, "user"))
    targets = (Role(EntityKind.USER, "user"),)
    prior = -9.2
    alert_from = 0.9

    def terms(self) -> list[Term]:
        asleep = _asleep()
        where = pl.max_horizontal(
            novelty("countries", likely=0.03, least=0.002), novelty("networks", likely=0.01, least=0.02, most=3.5)
        )
        how = pl.max_horizontal(
            novelty("agents", likely=0.1, least=0.01, most=4.0), novelty("sources", likely=0.1, least=0.05, most=3.0)
        )
        return [
            Term(
                pl.when(asleep).then(8.0 + (1.0 + pl.col("age")).log().clip(0.0, 3.0)),
                pl.format(
                    "used on {} days before, and not for {} days or more",
                    number(pl.col("age")),
                    pl.lit(COVER_DAYS * (COVERED - 1)),
                ),
                "covered",
            ),
            Term(
                pl.when(asleep).then(where),
                pl.format("from a new place: {}", _first("countries", "networks")),
                "networks",
            ),
            Term(
                pl.when(asleep).then(how),
                pl.format("with what is new to it: {}", _first("agents", "sources")),
                "agents",
            ),
            Term(
                pl.when(asleep).then(novelty("places", likely=0.05, least=0.05, most=3.0)),
                pl.format("to where it never was: {}", shown("places")),
                "places",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} was not used for {} days or more (it was on {} days before), and logged on again {} times{}.",
            "user",
            pl.lit(COVER_DAYS * (COVERED - 1)),
            number(pl.col("age")),
            number(pl.col("logons")),
            pl.when(pl.col("addresses").list.len() > 0)
            .then(pl.format(", from {}", pl.col("addresses").list.head(3).list.join(", ")))
            .otherwise(pl.lit("")),
        )


_SEEN_DAYS = 5
_BEHIND = 5.0
"""Days that the account's mean day lies before that of all logons: where it does not, the log itself had a gap."""


def _asleep() -> pl.Expr:
    """Say whether nothing told of the present period, while others were seen."""
    now = pl.col("had.covered").list.get(0, null_on_oob=True)
    own, everyone = (pl.col(f"{who}.day.mean").exp() for who in ("own", "all"))
    behind = everyone - own >= _BEHIND
    return (~now & behind & (pl.col("age") >= _SEEN_DAYS)).fill_null(value=False)


def _first(one: str, other: str) -> pl.Expr:
    return pl.when(news(one).list.len() > 0).then(shown(one)).otherwise(shown(other))
