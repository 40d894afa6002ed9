"""Event logs that are cleared over the network."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.remote_call import RemoteCall
from vedette.features.remote_evidence import account, act, named
from vedette.model import Analytic, EntityKind, Severity


class LogClearedRemotely(LogOdds):
    """One host clears an event log of another over the network.

    What is normal: event logs roll over by themselves; hardly anybody clears one, and from afar still less. What is hostile: an intruder
    removes his traces, or stops the log service by a malformed clear.

    A rule: the procedures of MS-EVEN and MS-EVEN6 that clear a log.

    Known false positives:
        - an administrator who tidies up a test machine with the event viewer

    Blind spots:
        - a log that is cleared on the host itself, which the log says
        - SMB 3 with encryption
    """

    name = "log_cleared_remotely"
    title = "Event log cleared remotely"
    needs = RemoteCall
    analytic = Analytic.RULE
    techniques = ("T1070.001",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "clearing_targets"), Role(EntityKind.USER, "users"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        return [act("log_cleared", 11.5, "asked to clear an event log {}")]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} cleared an event log of {}{}.", "source", named("clearing_targets", "another host"), account()
        )
