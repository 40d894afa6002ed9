"""Clients that ask for many names that do not exist."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.failed_lookups import FailedLookups as Rows
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

LEAST = 3.0
"""Missing names an hour that are usual for anybody."""
BURSTS = 0.7
"""Size of the negative binomial: slips and dead links come in bursts."""
MOST = 12.0


class FailedLookups(LogOdds):
    """Failed look-ups: a client asks for many more names that do not exist than is usual for it; a building block.

    What is normal: a few slips and dead links an hour; more at clients that ask for others (resolvers, mail servers, crawlers), and
    these did so yesterday. The count of distinct registered names that do not exist is held against what is normal for this client at
    this hour (baseline), at least three, by the likelihood ratio of a negative binomial count (Paxson and Floyd 1995). What the names look
    like is not asked: so generators that put words together count too. It never alerts alone; ``generated_domains`` and
    ``infected_host`` do.

    Known false positives:
        - the first hours of a resolver, a mail server or a crawler; a program that tries made-up names to test the network
        - a domain that was given up, where programs spell its name in many ways

    Blind spots:
        - fewer than about fifty missing names an hour at a quiet client
        - sources without answers; resolvers that answer every name
    """

    name = "failed_lookups"
    title = "Many names do not exist"
    needs = Rows
    analytic = Analytic.STATISTICAL
    techniques = ("T1568.002",)
    severity = Severity.LOW
    corroborates = True
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "names", ends=True),)
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        usual = _usual()
        text = pl.format("{} registered names that do not exist, {} usual for it", number(_missing()), usual.round(1))
        return [Term(negative_binomial(_missing(), usual, size=BURSTS).clip(0.0, MOST), text, "missing")]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked for {} names in an hour that do not exist: {} ...",
            "src_endpoint.ip",
            number(_missing()),
            pl.col("names").list.head(3).list.join(", "),
        )


def _missing() -> pl.Expr:
    return pl.col("missing").fill_nan(0.0).fill_null(0.0).clip(0.0, 1e9)


def _usual() -> pl.Expr:
    learned = pl.col("normal.missing.mean").fill_nan(0.0).fill_null(0.0).clip(0.0, 20.0)
    return (learned.exp() - 1.0).clip(lower_bound=LEAST)
