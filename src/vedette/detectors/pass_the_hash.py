"""Logons in the form that stolen hashes give them."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_mark import LogonMark
from vedette.model import Analytic, EntityKind, Severity


class PassTheHash(LogOdds):
    """A logon has the form that a stolen password hash leaves: no session key, or credentials that were put under a running session.

    What is normal: interactive logons prove a password and agree on a session key; few people use other credentials for the network alone
    (``runas /netonly``). What is hostile: a tool that puts a hash under a session makes the same event (logon type 9 by the secondary logon
    service); one that presents a hash over the network by NTLM often agrees on no key.

    A rule, and a modest one: both forms have honest causes, so it is a building block, stronger for the built-in administrator. It
    counts where something else is found about the same host or account.

    Known false positives:
        - administrators who use ``runas /netonly``
        - old programs, printers and file servers that speak NTLM without signing
        - software distribution with a local account

    Blind spots:
        - hashes used over Kerberos (overpass-the-hash with AES keys), tickets that were stolen
        - logs without the key's length
    """

    name = "pass_the_hash"
    title = "Logon as with a stolen hash"
    needs = LogonMark
    analytic = Analytic.RULE
    techniques = ("T1550.002",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "user")
    targets = (Role(EntityKind.HOST, "host"),)
    prior = -4.0
    alert_from = 0.9

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when("other").then(4.8),
                pl.lit("other credentials for the network, put under a running session"),
                "other",
            ),
            Term(pl.when("keyless").then(4.1), pl.lit("NTLM over the network without a session key"), "keyless"),
            Term(
                pl.when(pl.col("keyless") & pl.col("built_in")).then(1.2),
                pl.lit("the built-in administrator's account"),
                "built_in",
            ),
        ]

    def sentence(self) -> pl.Expr:
        came = pl.when(pl.col("source").is_not_null()).then(pl.format(" from {}", "source")).otherwise(pl.lit(""))
        whose = pl.when(pl.col("outbound").is_not_null()).then(pl.format(" ({})", "outbound")).otherwise(pl.lit(""))
        form = (
            pl.when("other")
            .then(pl.format("took other credentials for the network{}", whose))
            .otherwise(pl.format("logged on by NTLM without a session key{}", came))
        )
        return pl.format("On {}, {} {}.", pl.col("host").fill_null("an unnamed host"), "user", form)
