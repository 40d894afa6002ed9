"""Guessing one's way to another account's rights."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.rights_asked import RightsAsked
from vedette.features.statistic import negative_binomial
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class PrivilegeEscalation(LogOdds):
    """An account tries again and again to become another by sudo or su, or has no right to ask at all.

    What is normal: a password mistyped once to three times. What is hostile: dozens of failures; an account of a program (a web server, a
    database) that asks; being told off as "not in the sudoers file" more than once. A success afterwards makes it high.

    The statistic: failures as a negative binomial against one or two; denials and the asking account as evidence of a rule;
    the pace, when faster than a person types.

    Known false positives:
        - a script that calls sudo without a terminal, again and again
        - a new colleague whose rights were forgotten

    Blind spots:
        - rights gained through a flaw, without a password
        - one failure and one success
    """

    name = "privilege_escalation"
    title = "Privilege escalation attempts"
    needs = RightsAsked
    analytic = Analytic.STATISTICAL
    techniques = ("T1548.003", "T1078")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "asker")
    targets = (Role(EntityKind.HOST, "host"), Role(EntityKind.USER, "wanted"))

    def terms(self) -> list[Term]:
        n, gap = pl.col("failures"), pl.col("gap_seconds")
        return [
            Term(
                negative_binomial(n, pl.col("expected"), size=0.8).clip(upper_bound=14.0),
                pl.format("{} refused tries, where one or two are ordinary", number(n)),
                "failures",
            ),
            Term(
                pl.when(n > 0).then((3.0 * pl.col("denied")).clip(upper_bound=6.0)),
                pl.format("{} times told that it has no right to ask", number(pl.col("denied"))),
                "denied",
            ),
            Term(
                pl.when(pl.col("by_service") & (n > 0)).then(9.5),
                pl.format("{} is the account of a program, not of a person", "asker"),
                "by_service",
            ),
            Term(
                pl.when(n >= _ENOUGH).then((2.0 * (3.0 / gap.clip(lower_bound=0.05)).log()).clip(0.0, 5.0)),
                pl.format("one try each {} s", gap.round(1)),
                "gap_seconds",
            ),
        ]

    def sentence(self) -> pl.Expr:
        end = pl.when("in_after_failure").then(pl.lit(", and then succeeded")).otherwise(pl.lit(""))
        return pl.format(
            "On {}, {} was refused {} times when asking by {} for the rights of {}{}.",
            "host",
            "asker",
            number(pl.col("failures")),
            joined("services"),
            joined("wanted"),
            end,
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.HIGH if won else self.severity for won in rows["in_after_failure"]]  # hits only: few


_ENOUGH = 5
