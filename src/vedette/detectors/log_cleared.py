"""Commands that clear logs or stop them."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.command import Command
from vedette.model import Analytic, EntityKind, Severity


class LogCleared(LogOdds):
    """Somebody removes, empties or switches off what would tell about them.

    What is normal: logs are rotated by a program of their own (logrotate, journald), and old, numbered or packed ones are removed
    when a disk fills up. What is hostile: to remove or empty the log itself, the record of logons, the shell's history, or to stop
    auditing.

    A rule: the command lines are listed in ``features.tampering`` with their ATT&CK techniques (Indicator Removal, Impair Defenses).

    Known false positives:
        - an administrator who empties a log because the disk is full
        - the preparation of a machine image, which removes logs and history on purpose
        - the restart of a logging service by a stop and a start

    Blind spots:
        - commands typed into a root shell that is not audited
        - logs changed by a program of the attacker's own
        - a gap in a log where no command was recorded
    """

    name = "log_cleared"
    title = "Log cleared or switched off"
    needs = Command
    analytic = Analytic.RULE
    techniques = ("T1070.001", "T1070.002", "T1070.003", "T1562.001", "T1562.012")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "account")
    targets = (Role(EntityKind.HOST, "host"),)
    prior = -3.0

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when(pl.col("tampering").is_not_null()).then(6.0),
                pl.format("the command {}: {}", "tampering", "command"),
                "tampering",
            ),
            Term(
                pl.when("by_service").then(3.0),
                pl.format("{} is the account of a program, not of a person", pl.col("account").fill_null("somebody")),
                "by_service",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "On {}, {} ran a command that {}: {}",
            pl.col("host").fill_null("an unnamed host"),
            pl.col("account").fill_null("somebody"),
            "tampering",
            "command",
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [(technique,) if technique else self.techniques for technique in rows["technique"]]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        history = {"T1070.003": Severity.MEDIUM}
        return [history.get(technique, self.severity) for technique in rows["technique"]]
