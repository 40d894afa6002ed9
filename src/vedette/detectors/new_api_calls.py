"""Somebody calls what it, and everybody, never called."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_work_evidence as evidence
from vedette.features.cloud_work import CloudWork
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class NewApiCalls(LogOdds):
    """A principal calls operations of a cloud that it, and nobody else here, ever called; it stands beside other findings.

    What is normal: a program keeps to its operations, which change with its versions; people do new things now and then, which others
    have done. What is hostile: whoever uses a key that is not his does other things with it. It takes twenty hours of the principal's own
    work and forty-eight of anybody's before anything is new.

    Known false positives:
        - a new version of a program or of a tool that manages infrastructure
        - a person with a new task

    Blind spots:
        - an intruder who does what the principal always did
        - principals without a history

    Example: ``report-bot``, which has read objects for a month, creates a user.
    """

    name = "new_api_calls"
    title = "New kinds of cloud calls"
    needs = CloudWork
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078.004",)
    severity = Severity.LOW
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    corroborates = True
    prior = -5.0

    def terms(self) -> list[Term]:
        new = evidence.new_members("operations", to_all=False).list.len()
        variety = (pl.col("own.kinds.mean").fill_null(0.0).clip(0.0, 30.0).exp() - 1).clip(lower_bound=1.0)
        return [
            evidence.newness("operations", "operations", own=3.6, everyone=6.0),
            Term(
                pl.when(evidence.known & (new > 1)).then(0.8 * new.cast(pl.Float64).log()),
                pl.format("{} operations are new to it", number(new)),
                "operations",
            ),
            Term(
                pl.when(evidence.known).then(-0.8 * variety.log()),
                pl.format("it makes about {} kinds of calls an hour: new ones are no wonder", number(variety)),
                "own.kinds.mean",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} called {}, which it never did in {} hours of work{}.",
            "principal",
            evidence.new_members("operations", to_all=False).list.head(3).list.join(", "),
            number(pl.col("age").fill_null(0)),
            evidence.source(),
        )
