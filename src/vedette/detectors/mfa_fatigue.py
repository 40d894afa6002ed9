"""Prompts for a second factor until somebody gives in."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.mfa_prompt import MfaPrompt
from vedette.features.wording import number, span
from vedette.model import Analytic, EntityKind, Severity


class MfaFatigue(LogOdds):
    """An account is asked again and again for its second factor, refuses, and in the end perhaps gives in.

    What is normal: a prompt that runs out because the telephone lies in another room, once, seldom twice. What is hostile: whoever has the
    password sends prompt after prompt, often at night, until the owner approves one to have peace.

    The statistic: the likelihood ratio of a negative binomial count of refused prompts, against what an ordinary account has
    (``features.mfa_prompt``), and whether a success followed the first refusal: with the second factor it weighs most. Prompts are told
    apart by Entra's error numbers and by the words of Okta, Duo and others. The password is known to somebody else whether one was
    granted or not.

    Known false positives:
        - a telephone without a network, or a new one that is not set up
        - a mail program with an old session that asks in the background

    Blind spots:
        - one prompt that is approved at once
        - services that do not log refused prompts
        - codes that are typed or read out to a caller
    """

    name = "mfa_fatigue"
    title = "Second factor asked again and again"
    needs = MfaPrompt
    analytic = Analytic.STATISTICAL
    techniques = ("T1621",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "addresses", otherwise=Role(EntityKind.USER, "user"))
    targets = (Role(EntityKind.USER, "user"),)
    prior = -6.0
    alert_from = 0.8

    def terms(self) -> list[Term]:
        enough = pl.col("refused") >= _FEW
        return [
            Term(
                pl.col("excess").clip(upper_bound=14.0),
                pl.format("{} prompts refused or left unanswered, where one is ordinary", number(pl.col("refused"))),
                "refused",
            ),
            Term(
                pl.when(enough & pl.col("proved_after")).then(4.0).when(enough & pl.col("in_after")).then(2.0),
                pl.when("proved_after")
                .then(pl.lit("and then one was granted"))
                .otherwise(pl.lit("and then a logon succeeded")),
                "in_after",
            ),
            Term(
                pl.when(enough).then((0.3 * pl.col("asked")).clip(0.0, 2.0)),
                pl.format("{} sign-ins stopped to ask for it", number(pl.col("asked"))),
                "asked",
            ),
        ]

    def sentence(self) -> pl.Expr:
        end = (
            pl.when("proved_after")
            .then(pl.lit(", and then one was granted: somebody else may be in"))
            .when("in_after")
            .then(pl.lit(", and then a logon succeeded"))
            .otherwise(pl.lit(", and none was granted; somebody else knows the password"))
        )
        return pl.format(
            "{} refused {} prompts for a second factor within {}{}.",
            "user",
            number(pl.col("refused")),
            span("first_refusal", "last_refusal"),
            end,
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.CRITICAL if won else self.severity for won in rows["proved_after"]]  # hits only: few


_FEW = 3
