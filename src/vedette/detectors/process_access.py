"""Processes that read, write or take over others."""

from __future__ import annotations

import polars as pl

from vedette.abc import Role
from vedette.features.process_access import ProcessAccess as Accesses
from vedette.features.process_access_signs import SIGNS
from vedette.features.sign import Signed
from vedette.model import EntityKind, Severity


class ProcessAccess(Signed):
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
    table = SIGNS
    slight = 0
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "account"))
    targets = (Role(EntityKind.USER, "account"),)

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
