"""Hostile scripts that were logged in several parts."""

from __future__ import annotations

import polars as pl

from vedette.features.command_evidence import CommandEvidence
from vedette.features.command_script import CommandScript as Scripts


class CommandScript(CommandEvidence):
    """A long script of PowerShell does what attackers do; it was logged in several parts, which are put together before it is judged.

    What is normal: modules and administrators' scripts of any length. What is hostile is what ``command`` says, by the same model: tools
    that read credentials, fetch and run, put defences out. A word or an encoded text that lies over the end of a part is read whole.

    Parts (event 4104: ``MessageNumber``, ``MessageTotal``, ``ScriptBlockId``) are joined in whatever order they come, within a window of
    ten minutes on one host: 64 parts of 20,000 characters at the most. Where parts are missing, what is there is judged, and the summary
    says how much. A script is read 16,384 characters at a time, half of them again with the next; the reading that says most counts, so
    nothing put around hostile text hides it.

    Known false positives:
        - modules for testing security, and administrators' collections that hold one of everything
        - security products' own scripts
        - a module that removes or inspects what attackers use: it names it

    Blind spots:
        - what is not logged: script block logging is off, or text is run that never becomes a script block
        - evidence that is spread thinly over a script, with none of its pages hostile by itself
        - what lies beyond the first 64 parts of a script
        - a script logged over the end of a window is judged as two with parts missing
    """

    name = "command_script"
    title = "Suspicious script"
    needs = Scripts

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        return super().unsuited(rows.with_columns(long=pl.lit(value=False)))

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return [
            f"{said} ({row['present'] or 0} of {row['total']} parts)"
            if (row["present"] or 0) < (row["total"] or 0)
            else said
            for said, row in zip(super().summaries(rows), rows.iter_rows(named=True), strict=True)  # hits only: few
        ]
