"""Code run through cloud interface: acts of a principal in an hour."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import cloud_act_evidence as evidence
from vedette.features.cloud_act import CloudAct
from vedette.model import Analytic, EntityKind, Severity


class CloudCommand(LogOdds):
    """Code is run on machines or functions of a cloud through the cloud's own interface, or its power is used for something new.

    What is normal: functions are replaced by a pipeline; operators open a session on a machine. What is hostile: commands sent to
    machines, their start scripts changed, login keys pushed, the serial console opened, other code put in front of a function, large
    machines or language models suddenly used.

    A rule with a baseline: the acts are tables (``content/cloud/commands.yaml``); to do it on many machines counts more, to do it every
    day less.

    Known false positives:
        - operators and patch management, until their habit is known
        - a new pipeline
        - a first training run on large machines

    Blind spots:
        - code that comes in through the usual pipeline
        - what the command was: the log does not keep its output
    """

    name = "cloud_command"
    title = "Code run through cloud interface"
    needs = CloudAct
    analytic = Analytic.RULE
    techniques = ("T1651", "T1648", "T1021.008", "T1496.001", "T1496.004", "T1578.002")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    prior = evidence.PRIOR
    alert_from = evidence.ALERT_FROM

    def terms(self) -> list[Term]:
        return evidence.terms("commands")

    def sentence(self) -> pl.Expr:
        return evidence.sentence()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return evidence.attacks(rows, self.techniques)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows)
