"""Directory accounts that are changed to open a way in."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.account_mark import AccountMark
from vedette.model import Analytic, EntityKind, Severity


class AccountTampering(LogOdds):
    """An account of the directory is changed to crack its password, to act for others with it, or to pass for a domain controller.

    What is normal: accounts are made, renamed and unlocked; service names and delegation are set when a service is installed, seldom and by
    administrators. What is hostile: a machine's account gets the service names of a domain controller, to write into the directory
    (DCShadow, Delpy and Le Toux, BlueHat IL 2018); an anonymous session changes an account (CVE-2020-1472); a user account is named like
    a machine's; a person's account gets a service name, so that a ticket for it can be cracked; pre-authentication or encryption is
    weakened; an old security id with its rights is added.

    A rule: each mark has a worth, and marks of one change add up. Service names, delegation and weak passwords alone are building blocks.

    Known false positives:
        - a service that is installed under a user account
        - a domain controller that another administrator adds by hand
        - a migration between domains, which fills the history of security ids

    Blind spots:
        - changes made in the directory's database itself, and by replication
        - access control lists of accounts
        - directories other than Microsoft's
    """

    name = "account_tampering"
    title = "Account changed to open a way in"
    needs = AccountMark
    analytic = Analytic.RULE
    techniques = ("T1098",)
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "by")
    targets = (Role(EntityKind.USER, "account"), Role(EntityKind.HOST, "host"))
    prior = -4.0
    alert_from = 0.8

    def terms(self) -> list[Term]:
        return [Term(pl.when(mark).then(worth), pl.lit(words), mark) for mark, (worth, words, _) in _MARKS.items()]

    def sentence(self) -> pl.Expr:
        told = [pl.when(mark).then(pl.lit(words)) for mark, (_, words, _) in _MARKS.items()]
        return pl.format(
            "{} changed the account {}: {}.", "by", "account", pl.concat_str(told, separator="; ", ignore_nulls=True)
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """Those of the marks."""
        marks = rows.select(*_MARKS).rows(named=True)  # hits only: few
        return [
            tuple(dict.fromkeys(_MARKS[m][2] for m, is_set in row.items() if is_set)) or self.techniques
            for row in marks
        ]


_MARKS: dict[str, tuple[float, str, str]] = {
    "by_nobody": (9.0, "an anonymous session did it", "T1210"),
    "replicates": (8.0, "it got the service names of a domain controller", "T1207"),
    "history": (6.5, "it got the rights of an old security id", "T1134.005"),
    "masked": (6.0, "a new user account is named like a machine's", "T1564.002"),
    "weak": (4.8, "its password can be read or cracked from now on", "T1556"),
    "serves": (4.6, "a person's account got a service name: tickets for it can be cracked", "T1558.003"),
    "delegates": (4.4, "it may act for others", "T1098"),
}
"""Mark -> nats, words, ATT&CK id."""
