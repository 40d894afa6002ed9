"""New accounts and new rights."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.account_change import AccountChange
from vedette.model import Analytic, EntityKind, Severity


class AccountTakesRights(LogOdds):
    """An account is made that can log on, is given the rights of an administrator, or is another name for root.

    What is normal: packages add accounts of their own, with low user ids and no shell; people join and leave. What is hostile: a second
    account with user id 0, which has no honest use; a new member of an administrators' group; an account made in the middle of the
    night.

    A rule. A new account is a building block of low severity, a new administrator of medium, a second root critical.

    Known false positives:
        - a person who joins, or becomes an administrator
        - a configuration tool that makes accounts

    Blind spots:
        - accounts written into the files by hand
        - keys added to an account that exists
        - directory services
    """

    name = "account_takes_rights"
    title = "New account or rights"
    needs = AccountChange
    analytic = Analytic.RULE
    techniques = ("T1136.001", "T1098")
    severity = Severity.LOW
    actor = Role(EntityKind.HOST, "host")
    targets = (Role(EntityKind.USER, "account"),)
    prior = -3.0

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when("person").then(3.5),
                pl.format(
                    "a new account that can log on (user id {})", pl.col("uid").cast(pl.String).fill_null("unknown")
                ),
                "person",
            ),
            Term(
                pl.when(pl.col("group").is_not_null()).then(4.5),
                pl.format("added to {}, whose members can be root", "group"),
                "group",
            ),
            Term(pl.when("root_twin").then(9.0), pl.lit("user id 0: another name for root"), "root_twin"),
        ]

    def sentence(self) -> pl.Expr:
        what = (
            pl.when("root_twin")
            .then(pl.lit("has user id 0: it is root by another name"))
            .when(pl.col("group").is_not_null())
            .then(pl.format("was added to the group {}", "group"))
            .otherwise(pl.lit("was made and can log on"))
        )
        return pl.format(
            "On {}, the account {} {} (by {}).",
            pl.col("host").fill_null("an unnamed host"),
            pl.col("account").fill_null("somebody"),
            what,
            "by",
        )

    def titles(self, rows: pl.DataFrame) -> list[str]:
        rights = (
            pl.when(pl.col("group").is_not_null()).then(pl.lit("New administrator")).otherwise(pl.lit("New account"))
        )
        title = pl.when("root_twin").then(pl.lit("Second root account")).otherwise(rights)
        return rows.select(title.alias("title"))["title"].to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [("T1136.001",) if made else ("T1098",) for made in rows["created"]]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        rights = pl.when(pl.col("group").is_not_null()).then(int(Severity.MEDIUM)).otherwise(int(self.severity))
        bad = pl.when("root_twin").then(int(Severity.CRITICAL)).otherwise(rights)
        return [Severity(n) for n in rows.select(bad.alias("s"))["s"]]  # hits only: few
