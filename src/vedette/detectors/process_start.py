"""Programs that start where, or under whom, they never should."""

from __future__ import annotations

import polars as pl

from vedette.abc import Role
from vedette.features.process_start import ProcessStart as Starts
from vedette.features.process_start_signs import SIGNS
from vedette.features.sign import Signed
from vedette.model import EntityKind, Severity


class ProcessStart(Signed):
    """A program starts under a parent, in a place, by a name or with rights that ordinary work does not give it.

    What is normal: programs of the system stand in its folders and start each other in a fixed order; documents start no shells; services
    run from Program Files. What is hostile: Office or a web server that starts a shell, WMI or a tool for remote commands that does, a
    program called ``svchost.exe`` elsewhere, a shell under a program that raises rights without asking, a user's program as the system.

    A rule: each sign is a pattern over the path, the parent, the account, the integrity level and the name that the program was built
    under, with nats for it; they are added up. Sources stand in ``features/process_start_signs.py``.

    Known false positives:
        - remote administration: PsExec, WinRM, software distribution through WMI
        - macros and add-ins of a firm's own that start programs
        - portable programs in Downloads, installers in temporary folders

    Blind spots:
        - logs that name no parent (Security 4688 before Windows 10 does not)
        - a parent that was forged (T1134.004): the log holds what the attacker set
        - programs of the attacker's own in Program Files
    """

    name = "process_start"
    title = "Suspicious start of a program"
    needs = Starts
    table = SIGNS
    techniques = tuple(dict.fromkeys(t for s in SIGNS for t in s.techniques))
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "account"))
    targets = (Role(EntityKind.USER, "account"),)

    def sentence(self) -> pl.Expr:
        under = (
            pl.when(pl.col("parent").str.len_chars() > 0).then(pl.format(" under {}", "parent")).otherwise(pl.lit(""))
        )
        return pl.format(
            "On {}, as {}: {}: {}{}.",
            pl.col("host").fill_null("an unnamed host"),
            pl.col("account").fill_null("the system"),
            "told",
            pl.col("line").str.head(_CUT),
            under,
        )


_CUT = 200
