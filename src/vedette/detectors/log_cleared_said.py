"""Log lines that tell of cleared or stopped logs."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.log_message import LogMessage
from vedette.model import Analytic, EntityKind, Severity


class LogClearedSaid(LogOdds):
    """A log line says that a log was cleared or that auditing was switched off.

    What is normal: nothing of the kind. What is hostile: the kernel reports that auditing is off, Windows that a log was cleared, or a
    shell that logs its commands shows one that clears traces.

    A rule: the patterns are in ``features.log_message`` and ``features.tampering``.

    Known false positives:
        - an administrator who empties a log because the disk is full
        - documentation or tickets that are logged as text

    Blind spots:
        - logs that are cleared before they are read
        - programs that clear logs without a command line

    Severity is high; it is medium for the shell's history.
    """

    name = "log_cleared_said"
    title = "Log cleared or switched off"
    needs = LogMessage
    analytic = Analytic.RULE
    techniques = ("T1070.001", "T1070.002", "T1070.003", "T1562.001", "T1562.012")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "account")
    targets = (Role(EntityKind.HOST, "host"),)
    prior = -3.0

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when(pl.col("tampering").is_not_null()).then(5.5),
                pl.format("a line says that somebody {}: {}", "tampering", "line"),
                "tampering",
            )
        ]

    def sentence(self) -> pl.Expr:
        return pl.format("On {}, somebody {}: {}", pl.col("host").fill_null("an unnamed host"), "tampering", "line")

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [(technique,) if technique else self.techniques for technique in rows["technique"]]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        history = {"T1070.003": Severity.MEDIUM}
        return [history.get(technique, self.severity) for technique in rows["technique"]]
