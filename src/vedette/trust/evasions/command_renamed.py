"""A hostile command whose program was copied under another name."""

from __future__ import annotations

import re
from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.command_padding import LINE

_NAMES = ("update", "helper", "svc", "printmon", "agent", "setup", "a")
_FIRST = re.compile(r'^\s*"?(?:[^"\s]*[\\/])?([A-Za-z0-9_]+)(?:\.exe)?"?(?=\s|$)')


class CommandRenamed(Evasion):
    """The program that the line begins with goes by another name; everything behind it stays."""

    name = "command_renamed"
    kind = EventClass.PROCESS_ACTIVITY
    column = LINE
    detectors = ("command",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        lines = [
            None if x is None else _FIRST.sub(lambda _: f"C:\\ProgramData\\{rng.choice(_NAMES)}.exe", x, count=1)
            for x in events[LINE]
        ]  # each with its own chances
        return events.with_columns(pl.Series(LINE, lines, dtype=pl.String))
