"""Logons that do not look like those of the account."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_evidence import news, novelty, shown
from vedette.features.logon_user import LogonUser
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class UnusualLogon(LogOdds):
    """An account logs on from a country or network, with a program, to a place or at an hour that it never did, and hardly anybody does.

    What is normal: people come from the same few networks, with one or two programs, to the same few hosts and applications, at the hours
    of their work; now and then one of these changes. What is hostile: several of them change on one day, to what no colleague has.

    The statistic adds one piece of evidence per kind: the log-likelihood ratio of something new (Laplace's rule of succession over the
    account's days), and of which one it is (how many colleagues have it), as ``features.logon_evidence`` says. A country and its network
    are one piece, since one brings the other; so are a program and the machine it comes from. What the identity service itself thinks of
    the sign-in is another. The idea of adding up rare features of a logon is that of Freeman et al., "Who are you? A statistical
    approach to measuring user authenticity", NDSS 2016. It takes five days of history.

    Known false positives:
        - journeys, with a new machine or telephone in hand
        - a new job inside the company, a night shift, an on-call night
        - a move of the whole company to another provider or browser, on its first day

    Blind spots:
        - the first five days of an account, or of the log
        - a thief who comes from the account's own machine, or by a network and a browser that many colleagues use
        - accounts that are new everywhere each day (shared, or of a scanner)
        - hours are of UTC, in blocks of four: a shift of two hours does not show
    """

    name = "unusual_logon"
    title = "Unusual logon"
    needs = LogonUser
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "addresses", otherwise=Role(EntityKind.USER, "user"))
    targets = (Role(EntityKind.USER, "user"),)
    prior = -7.0
    alert_from = 0.8

    def terms(self) -> list[Term]:
        country, network = (
            novelty("countries", likely=0.03, least=0.002),
            novelty("networks", likely=0.01, least=0.02, most=3.5),
        )
        agent, source = (
            novelty("agents", likely=0.1, least=0.01, most=4.0),
            novelty("sources", likely=0.1, least=0.05, most=3.0),
        )
        risk = pl.col("risks").list
        return [
            Term(
                pl.max_horizontal(country, network),
                pl.when(country >= network).then(_new("countries", "country")).otherwise(_new("networks", "network")),
                "countries",
            ),
            Term(
                pl.max_horizontal(agent, source),
                pl.when(agent >= source)
                .then(_new("agents", "program"))
                .otherwise(_new("sources", "machine it comes from")),
                "agents",
            ),
            Term(novelty("places", likely=0.05, least=0.05, most=3.0), _new("places", "place it logs on to"), "places"),
            Term(novelty("kinds", likely=0.2, least=0.02, most=3.0), _new("kinds", "kind of logon"), "kinds"),
            Term(novelty("blocks", likely=0.15, least=0.05, most=3.0), _new("blocks", "hours (UTC, from)"), "blocks"),
            Term(
                pl.when(risk.contains("high")).then(4.0).when(risk.contains("medium")).then(2.0),
                pl.format("the service itself calls the risk {}", joined("risks")),
                "risks",
            ),
        ]

    def sentence(self) -> pl.Expr:
        parts = [
            _part("countries", "from {}"),
            pl.when(news("countries").list.len() == 0).then(_part("networks", "from the network {}")),
            _part("agents", "with {}"),
            _part("sources", "from the machine {}"),
            _part("places", "to {}"),
            _part("kinds", "by {}"),
            _part("blocks", "at new hours ({} UTC)"),
        ]
        what = pl.concat_str(parts, separator=", ", ignore_nulls=True)
        return pl.format(
            "{} logged on {}, as it never did on {} days before.",
            "user",
            pl.when(what != "").then(what),
            number(pl.col("age")),
        )


def _new(members: str, what: str) -> pl.Expr:
    return pl.format("a new {}: {} (after {} days)", pl.lit(what), shown(members), number(pl.col("age")))


def _part(members: str, words: str) -> pl.Expr:
    return pl.when(news(members).list.len() > 0).then(pl.format(words, shown(members, 2)))
