"""Secrets of a domain or host that are asked for over the network."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.remote_call import RemoteCall
from vedette.features.remote_evidence import account, act, named, techniques
from vedette.model import Analytic, EntityKind, Severity


class RemoteSecrets(LogOdds):
    """One host asks another for its secrets: the directory's password hashes, stored secrets, a key, or sets a password over it.

    What is normal: domain controllers replicate the directory with each other, all day; nobody else does. Clients ask for the domain's
    backup of their DPAPI key now and then. What is hostile: a host that is no domain controller replicates (DCSync), registers
    itself as one (DCShadow), reads LSA secrets, saves registry hives (secretsdump), or sets another account's password.

    A rule for each procedure of MS-DRSR, MS-LSAD, MS-RRP, MS-BKRP and MS-SAMR. Who is a domain controller is not known from one capture:
    a host that replicated in windows before (baseline) is taken for one.

    Known false positives:
        - a domain controller seen for the first time, and Azure AD Connect (Entra Connect), which replicates by design
        - joining a computer to the domain, or a help desk that resets passwords, with old tools
        - backup software that saves registry hives

    Blind spots:
        - SMB 3 with encryption, and LDAP
        - a capture that begins after the bind: a replication is then but a number in an unknown interface
        - what is read from a copied disk or a shadow copy
    """

    name = "remote_secrets"
    title = "Secrets asked for remotely"
    needs = RemoteCall
    analytic = Analytic.RULE
    techniques = ("T1003.006", "T1207", "T1003.004", "T1003.002", "T1555", "T1098", "T1134.005")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "secrets_targets"), Role(EntityKind.USER, "users"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        return [
            act("replicated", 10.0, "asked a domain controller to replicate the directory {}"),
            act("replica_added", 11.5, "added a replica of the directory {}"),
            act("sid_history", 11.5, "added to an account's SID history {}"),
            act("secret_read", 11.0, "read a secret of the security authority {}"),
            act("hive_saved", 10.5, "saved a registry hive {}"),
            act("backup_key", 9.3, "asked for the domain's backup of a DPAPI key {}"),
            act("password_set", 9.5, "set another account's data or password {}"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked {} for secrets{}: {}.",
            "source",
            named("secrets_targets", "another host"),
            account(),
            pl.concat_str(
                [pl.when(pl.col(a) > 0).then(pl.lit(w)) for a, w in _WORDS.items()], separator=", ", ignore_nulls=True
            ),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return techniques(rows, _TECHNIQUES)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """High for what only domain controllers do; low for a lone DPAPI key, which clients ask for themselves."""
        grave = pl.any_horizontal(
            pl.col(a) > 0 for a in ("replicated", "replica_added", "sid_history", "secret_read", "hive_saved")
        )
        bad = pl.when(grave).then(int(Severity.HIGH)).when(pl.col("password_set") > 0).then(int(self.severity))
        return [Severity(n) for n in rows.select(bad.otherwise(int(Severity.LOW)).alias("s"))["s"]]


_WORDS = {
    "replicated": "the directory was replicated (DCSync)",
    "replica_added": "a replica was added (DCShadow)",
    "sid_history": "a SID history was changed",
    "secret_read": "an LSA secret was read",
    "hive_saved": "a registry hive was saved",
    "backup_key": "a DPAPI backup key was asked for",
    "password_set": "an account's data or password was set",
}
_TECHNIQUES = {
    "replicated": "T1003.006",
    "replica_added": "T1207",
    "sid_history": "T1134.005",
    "secret_read": "T1003.004",
    "hive_saved": "T1003.002",
    "backup_key": "T1555",
    "password_set": "T1098",
}
