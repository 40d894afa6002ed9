"""Accounts that are made for a moment, and machines' accounts that put on another name."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.account_life import AccountLife
from vedette.features.wording import joined, number, span
from vedette.model import Analytic, EntityKind, Severity


class ShortLivedAccount(LogOdds):
    """An account is made and removed again within a day, or a machine's account is renamed so that it no longer looks like one.

    What is normal: accounts live for months; they are disabled long before they are removed. Tests and set-up programs make some for
    minutes, and nobody logs on with them. What is hostile: an account made for one errand, used, and removed to leave no trace; and a
    machine's account that takes the name of a domain controller (CVE-2021-42278).

    A rule with evidence added: the shorter the life, the more; logons in between; a rename that takes the ``$`` away.

    Known false positives:
        - set-up programs and tests that make an account and remove it
        - an account made with a misspelt name, and made again

    Blind spots:
        - accounts that live for more than a day, or over midnight (UTC)
        - accounts that are disabled, and not removed
    """

    name = "short_lived_account"
    title = "Account made for a moment"
    needs = AccountLife
    analytic = Analytic.RULE
    techniques = ("T1136", "T1070")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "by")
    targets = (Role(EntityKind.USER, "account"), Role(EntityKind.HOST, "hosts"))
    prior = -4.0
    alert_from = 0.8

    def terms(self) -> list[Term]:
        brief = pl.col("seconds") > 0
        used = (pl.col("last_use") >= pl.col("made")) & (pl.col("first_use") <= pl.col("removed"))
        return [
            Term(
                pl.when(brief).then(
                    4.0 + (0.5 * (86_400.0 / pl.col("seconds").clip(lower_bound=1.0)).log()).clip(0.0, 4.0)
                ),
                pl.format("removed {} after it was made", span("made", "removed")),
                "seconds",
            ),
            Term(
                pl.when(brief & used).then(2.5),
                pl.format("logged on {} times meanwhile", number(pl.col("uses"))),
                "uses",
            ),
            Term(
                pl.when(pl.col("new_name").is_not_null()).then(8.0),
                pl.format("a machine's account was renamed to {}, which does not look like one", "new_name"),
                "new_names",
            ),
        ]

    def sentence(self) -> pl.Expr:
        by = pl.when(pl.col("by").list.len() > 0).then(pl.format(" by {}", joined("by", 2))).otherwise(pl.lit(""))
        brief = pl.format("The account {} was made{} and removed {} later.", "account", by, span("made", "removed"))
        renamed = pl.format(
            "The machine's account {} was renamed to {}{}: so it can pass for another.", "account", "new_name", by
        )
        return pl.when(pl.col("new_name").is_not_null()).then(renamed).otherwise(brief)

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return ["Machine account renamed" if n is not None else self.title for n in rows["new_name"]]  # hits only: few

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [
            ("T1068", "T1078.002") if n is not None else self.techniques for n in rows["new_name"]
        ]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.HIGH if n is not None else self.severity for n in rows["new_name"]]  # hits only: few
