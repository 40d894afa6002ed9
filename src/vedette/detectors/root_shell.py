"""A shell with another account's rights."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.command import Command
from vedette.model import Analytic, EntityKind, Severity


class RootShell(LogOdds):
    """Somebody opens a shell with another account's rights, so that what follows is no longer logged command by command.

    What is normal: administrators run single commands by sudo (``apt update``); some open a root shell out of habit. What is hostile: an
    account of a program (a web server, a database) that opens one, or a permitted program that is turned into a shell.

    A rule. A bare shell alone is a building block of low severity: it belongs to most intrusions and to many workdays. Programs
    that lead to a shell are those of GTFOBins.

    Known false positives:
        - administrators who like root shells
        - scripts that call ``sudo su``

    Blind spots:
        - whether this account has ever done so before: that is for a baseline
        - privileges gained without sudo, su or a logged command
    """

    name = "root_shell"
    title = "Shell with another's rights"
    needs = Command
    analytic = Analytic.RULE
    techniques = ("T1548.003",)
    severity = Severity.LOW
    actor = Role(EntityKind.USER, "account")
    targets = (Role(EntityKind.HOST, "host"), Role(EntityKind.USER, "becomes"))
    prior = -3.0

    def terms(self) -> list[Term]:
        return [
            Term(
                pl.when("shell").then(3.5),
                pl.format("a bare shell as {}: {}", pl.col("becomes").fill_null("another"), "command"),
                "shell",
            ),
            Term(pl.when("escape").then(5.0), pl.format("a way out to a shell: {}", "command"), "escape"),
            Term(
                pl.when(pl.col("by_service") & (pl.col("shell") | pl.col("escape"))).then(3.0),
                pl.format("{} is the account of a program, not of a person", pl.col("account").fill_null("somebody")),
                "by_service",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "On {}, {} opened a shell as {}: {}",
            pl.col("host").fill_null("an unnamed host"),
            pl.col("account").fill_null("somebody"),
            pl.col("becomes").fill_null("another"),
            "command",
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        bad = pl.when("by_service").then(int(Severity.HIGH)).when("escape").then(int(Severity.MEDIUM))
        return [Severity(n) for n in rows.select(bad.otherwise(int(self.severity)).alias("s"))["s"]]  # hits only: few
