"""Accounts and passwords that are guessed at a domain's Kerberos service."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.kerberos_source import KerberosSource
from vedette.features.remote_evidence import named
from vedette.features.statistic import bernoulli
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class KerberosGuessing(LogOdds):
    """One host asks a domain for tickets of accounts that do not exist, or with wrong passwords of many.

    What is normal: a host asks for the few accounts that are used on it, and they exist; a person mistypes the password now and then.
    That the centre first demands proof (pre-authentication) is no failure. What is hostile: names tried one after the other
    (user enumeration: the error says which exist), or one password on many accounts (spraying), as Kerbrute and Rubeus do.

    The statistic adds three pieces of evidence: how many names were unknown and how many accounts got a wrong password, each the
    likelihood ratio of a negative binomial count against what an ordinary host has; and the share of names that are unknown, one
    outcome per name, with .03 for normal and .7 for hostile.

    Known false positives:
        - a terminal server or web front end on which many people log on to the domain after a change of passwords
        - an application with a list of accounts that were removed
        - a penetration test

    Blind spots:
        - spraying over days, a few accounts an hour
        - accounts without pre-authentication (AS-REP roasting) and tickets asked for to be cracked (Kerberoasting)
        - logons by NTLM: see brute force and spraying
    """

    name = "kerberos_guessing"
    title = "Kerberos accounts guessed"
    needs = KerberosSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1110.003", "T1087.002")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "centres"), Role(EntityKind.USER, "wrong_users"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        unknown, wrong, known = pl.col("unknown"), pl.col("wrong"), pl.col("known")
        return [
            Term(
                pl.col("unknown_excess").clip(upper_bound=10.0),
                pl.format(
                    "{} accounts asked for that do not exist: {}", number(unknown), named("unknown_users", "none")
                ),
                "unknown_excess",
            ),
            Term(
                pl.when(unknown >= _FEW).then(
                    bernoulli(unknown, known, normal=0.03, hostile=0.7).clip(lower_bound=-6.0, upper_bound=6.0)
                ),
                pl.format("{} names unknown, {} known", number(unknown), number(known)),
                "unknown",
            ),
            Term(
                pl.col("wrong_excess").clip(upper_bound=12.0),
                pl.format("wrong passwords of {} accounts: {}", number(wrong), named("wrong_users", "none")),
                "wrong_excess",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked {} for tickets of {} accounts that do not exist and gave wrong passwords of {} others.",
            "source",
            named("centres", "the domain"),
            number(pl.col("unknown")),
            number(pl.col("wrong")),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        counts = rows.select("unknown", "wrong").rows()  # hits only: few
        return [
            (*(("T1110.003",) if (wrong or 0) >= 1 else ()), *(("T1087.002",) if (unknown or 0) >= _FEW else ()))
            or self.techniques
            for unknown, wrong in counts
        ]


_FEW = 3
"""Names, before a share of them means anything."""
