"""Windows says that a log was cleared, or that a guard was switched off."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.windows_tampering import WindowsTampering
from vedette.model import Analytic, EntityKind, Severity


class LogClearedWindows(LogOdds):
    """Windows says that somebody cleared a log, took auditing back, set the clock, or switched off Defender, Sysmon or a logging service.

    What is normal: logs roll over by themselves; audit policy comes from group policy, in the name of the machine; clocks are set by
    seconds. What is hostile: events 1102 and 104 (a log was cleared), 4719 (a kind of event is no longer audited), 4616 (the clock moved by
    more than half an hour, not by a service that keeps time), Defender's 5001, 5007 (an exclusion), 5010, 5012 and 5013, 7040 and 7034 of
    a logging service, Sysmon's own end.

    A rule: the events are listed in ``features.windows_tampering`` with their ATT&CK techniques (Indicator Removal, Impair Defenses).

    Known false positives:
        - a log that an administrator clears on purpose, before a test for instance
        - an exclusion that the maker of a database or a compiler asks for
        - an update of Sysmon, which stops it for a moment

    Blind spots:
        - logging that is stopped by patching the service in memory: nothing is logged (`log_gap` sees what is missing)
        - changes in the registry that take effect at the next start
        - event 7036 (a service stopped), which every shutdown brings
    """

    name = "log_cleared_windows"
    title = "Log cleared or guard off"
    needs = WindowsTampering
    analytic = Analytic.RULE
    techniques = ("T1070.001", "T1070.006", "T1562.001", "T1562.002")
    severity = Severity.HIGH
    actor = Role(EntityKind.USER, "account", otherwise=Role(EntityKind.HOST, "host"))
    targets = (Role(EntityKind.HOST, "host"),)
    prior = -3.0

    def terms(self) -> list[Term]:
        return [
            Term(pl.col("weight"), pl.format("Windows logged that somebody {}", "act"), "act"),
            Term(
                pl.when("by_machine").then(-1.5),
                pl.lit("it was done in the name of the machine, as group policy and updates do"),
                "by_machine",
            ),
        ]

    def sentence(self) -> pl.Expr:
        who = (
            pl.when("by_machine").then(pl.lit("the machine itself")).otherwise(pl.col("account").fill_null("somebody"))
        )
        return pl.format("On {}, {} {}.", pl.col("host").fill_null("an unnamed host"), who, "act")

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [(technique,) for technique in rows["technique"]]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        mild = pl.col("weight") < 5  # noqa: PLR2004 - nats
        return [Severity.MEDIUM if low else self.severity for low in rows.select(mild).to_series()]
