"""Processes that read, write or take over others."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.process_access import ProcessAccess as Accesses
from vedette.features.process_access_signs import SIGNS
from vedette.features.sign import strongest, techniques, terms
from vedette.model import Analytic, EntityKind, Severity

GRAVE = 9
"""Nats of all signs from which on a finding is of high severity."""


class ProcessAccess(LogOdds):
    """A process reads the memory of the logon service, or puts code into another.

    What is normal: the system, antivirus programs and debuggers open others; browsers start threads in their own children. What is
    hostile: a shell or a program of a temporary folder that reads ``lsass.exe``, code without a file that writes to others, threads that
    load a library, an image that was replaced in memory.

    A rule: each sign is a pattern over both programs, the rights that were asked for, the trace of calls and where a thread begins (Sysmon
    8, 10 and 25; Security 4656 and 4663 on processes), with nats for it; they are added up.

    Known false positives:
        - security products, monitoring agents and debuggers that are not in the table of usual readers
        - programs that protect or unpack themselves, games' anti-cheat software

    Blind spots:
        - what Sysmon's configuration leaves out: event 10 is often logged for lsass alone, or not at all
        - reading through a driver, a copy of the process, or a crash report
        - code put in without a new thread
    """

    name = "process_access"
    title = "One program reaches into another"
    needs = Accesses
    analytic = Analytic.RULE
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "account"))
    targets = (Role(EntityKind.USER, "account"),)
    prior: ClassVar[float] = -6.0

    def terms(self) -> list[Term]:
        return terms(SIGNS)

    def sentence(self) -> pl.Expr:
        rights = (
            pl.when(pl.col("rights").str.len_chars() > 0)
            .then(pl.format(" (asked for: {})", "rights"))
            .otherwise(pl.lit(""))
        )
        return pl.format(
            "On {}, {} reached into {}: {}{}.",
            pl.col("host").fill_null("an unnamed host"), pl.col("source").fill_null("an unnamed program"), "target", "told", rights,
        )  # fmt: skip

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return rows["kind"].fill_null(self.title).to_list()

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [techniques(SIGNS, held) or self.techniques[:1] for held in rows["signs"].to_list()]  # hits only: few

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        sums = [sum(s.strength for s in strongest(SIGNS, held)) for held in rows["signs"].to_list()]  # hits only: few
        return [Severity.HIGH if s >= GRAVE else self.severity for s in sums]
