"""Secrets read in bulk: acts of a principal in an hour."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_act_evidence as evidence
from vedette.features.cloud_act import CloudAct
from vedette.model import Analytic, EntityKind, Severity


class CloudSecrets(LogOdds):
    """Secrets, keys, passwords and start scripts of a cloud are read, many at once or by who never does.

    What is normal: a program reads the one or two secrets that are its own, again and again. What is hostile: to read many different
    ones, to ask for passwords of machines, to decrypt parameters, to list all accounts and keys.

    A rule with a baseline: the acts are tables (``content/cloud/secrets.yaml``) of little worth each; how many different things were read
    decides (its logarithm), and whether the principal does so always.

    Known false positives:
        - a pipeline or operator that renews all secrets
        - a backup or inventory of secrets

    Blind spots:
        - one secret, read by who may read it
        - secrets in files, images and variables of machines
    """

    name = "cloud_secrets"
    title = "Secrets read in bulk"
    needs = CloudAct
    analytic = Analytic.RULE
    techniques = ("T1555.006", "T1552.005", "T1552.007", "T1550.001", "T1087.004")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = evidence.PRIOR
    alert_from = evidence.ALERT_FROM

    def terms(self) -> list[Term]:
        return evidence.terms("secrets")

    def sentence(self) -> pl.Expr:
        return evidence.sentence()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return evidence.attacks(rows, self.techniques)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows)
