"""Cloud data opened to others: acts of a principal in an hour."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_act_evidence as evidence
from vedette.features.cloud_act import CloudAct
from vedette.model import Analytic, EntityKind, Severity


class CloudPublicExposure(LogOdds):
    """Data or machines of a cloud are opened to the world or to a stranger's account.

    What is normal: a few buckets and ports are public on purpose, and stay so. What is hostile or careless: a disk, image or database
    that is shared with another account or with everybody, a bucket or repository made public, a port of administration open to the world.

    A rule with a baseline: the acts are tables (``content/cloud/exposure.yaml``), read with their parameters: to open port 443 is no act,
    to open port 22 to everybody is; what the same principal does every week counts less.

    Known false positives:
        - a web site or download server that is meant to be public
        - images and disks shared among accounts of the same company: Vedette does not know which are yours
        - a laboratory or training account

    Blind spots:
        - what was public before the log begins
        - data read by those who may
        - links given out by applications of your own
    """

    name = "cloud_public_exposure"
    title = "Cloud data opened to others"
    needs = CloudAct
    analytic = Analytic.RULE
    techniques = ("T1537", "T1530", "T1562.007", "T1567")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = evidence.PRIOR
    alert_from = evidence.ALERT_FROM

    def terms(self) -> list[Term]:
        return evidence.terms("exposure")

    def sentence(self) -> pl.Expr:
        return evidence.sentence()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return evidence.attacks(rows, self.techniques)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows)
