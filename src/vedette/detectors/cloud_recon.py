"""Somebody looks around in a cloud."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_work_evidence as evidence
from vedette.features.cloud_work import CloudWork
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

_SURVEYS, _FAR = 4, 3.0
"""Kinds of surveying calls, and spreads above its habit, from which a principal with a history does something else than ever."""


class CloudRecon(LogOdds):
    """A principal asks in a short time for many different things that a cloud holds, and is refused many of them.

    What is normal: a program makes the same few kinds of calls, hour by hour; a person at the console makes dozens, nearly all of which
    are allowed; a tool that manages infrastructure reads everything. What is hostile: who has found a key tries what it may do: who am I,
    which users, roles, buckets, machines and secrets are there, and much of it is refused.

    Evidence: kinds of refused calls (negative binomial against half a kind an hour); kinds of calls that survey an account, and of
    reading calls against the principal's own habit, its peers' and everyone's, which are not enough without refusals, unless a principal
    that is known for twenty hours of work leaves its habit by far.

    Known false positives:
        - an inventory or posture scanner of your own, in its first days
        - a new role whose rights are still too narrow for its work
        - a person who explores the console with few rights

    Blind spots:
        - a look around that takes days
        - services whose reading calls are not logged (data events)
    """

    name = "cloud_recon"
    title = "Look around in a cloud"
    needs = CloudWork
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1580", "T1526", "T1087.004", "T1069.003")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = -6.5
    alert_from = 0.8

    def terms(self) -> list[Term]:
        refused, surveys = pl.col("refused_kinds"), pl.col("survey_kinds")
        return [
            Term(
                pl.when(refused >= 3).then(negative_binomial(refused, 0.5, size=1.0).clip(0.0, 9.0)),  # noqa: PLR2004
                pl.format(
                    "{} kinds of calls were refused: {}",
                    number(refused),
                    pl.col("refused_shown").list.head(4).list.join(", "),
                ),
                "refused_kinds",
            ),
            Term(
                (0.6 * (surveys - 4.0)).clip(0.0, 2.5),
                pl.format(
                    "{} kinds of calls that tell what the account is and holds: {}",
                    number(surveys),
                    pl.col("surveys").list.head(4).list.join(", "),
                ),
                "survey_kinds",
            ),
            evidence.more(
                "read_kinds", "{} kinds of reading calls in an hour; about {} are usual", least=8.0, most=2.5
            ),
            Term(
                pl.when(evidence.known & (surveys >= _SURVEYS) & (pl.col("normal.read_kinds.deviation") >= _FAR)).then(
                    3.0
                ),
                pl.format("its habit is another: in {} hours of work it never looked around so", number(pl.col("age"))),
                "normal.read_kinds.deviation",
            ),
            Term(
                (0.5 * (pl.col("regions_count") - 4.0)).clip(0.0, 2.0),
                pl.format("in {} regions", number(pl.col("regions_count"))),
                "regions_count",
            ),
            Term(
                pl.when((pl.col("age") > 0) & (pl.col("own.refused_kinds.mean") > pl.lit(2.0).log1p())).then(-3.0),
                pl.lit("it is refused much in other hours too"),
                "own.refused_kinds.mean",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} made {} calls of {} kinds in an hour{}; {} kinds only look around and {} were refused.",
            "principal",
            number(pl.col("calls")),
            number(pl.col("kinds")),
            evidence.source(),
            number(pl.col("read_kinds")),
            number(pl.col("refused_kinds")),
        )
