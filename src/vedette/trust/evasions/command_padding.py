"""A hostile command with harmless text behind it."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass

LINE = "process.cmd_line"
_WINDOWS = (
    "rem weekly report of the sales team", "rem C:\\Program Files\\Office\\update.exe --check", "rem see https://www.example.com/help",
    "rem backup finished without errors", "rem Copyright Microsoft Corporation. All rights reserved.",
)  # fmt: skip
_UNIX = (
    "# nightly backup of /srv/data",
    "# see https://docs.example.com/setup",
    "# rotate logs, then restart nginx",
    "# installed by apt",
)


class CommandPadding(Evasion):
    """Remarks behind the command, three of them: shells pass over them."""

    name = "command_padding"
    kind = EventClass.PROCESS_ACTIVITY
    column = LINE
    detectors = ("command",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        lines = [None if x is None else _padded(x, rng) for x in events[LINE]]  # each with its own chances
        return events.with_columns(pl.Series(LINE, lines, dtype=pl.String))


def _padded(line: str, rng: Random) -> str:
    if "/" in line and "\\" not in line:
        return (
            "\n".join((line, *rng.choices(_UNIX, k=3)))
            if "#" in line
            else f"{line} {' '.join(rng.choices(_UNIX, k=3))}"
        )
    return f"{line} & {' & '.join(rng.choices(_WINDOWS, k=3))}"
