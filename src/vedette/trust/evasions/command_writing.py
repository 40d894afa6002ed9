"""A hostile command line written with what the shell takes away again: carets, quotes, case, spaces."""

from __future__ import annotations

import re
from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.command_padding import LINE

_OFTEN = 0.5
_SHORTEST = 4


class CommandWriting(Evasion):
    """Windows: carets or empty quotes within half of the words, changing case, double blanks. Other lines stay as they are."""

    name = "command_writing"
    kind = EventClass.PROCESS_ACTIVITY
    column = LINE
    detectors = ("command",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        lines = [None if x is None else _written(x, rng) for x in events[LINE]]  # each with its own chances
        return events.with_columns(pl.Series(LINE, lines, dtype=pl.String))


def _written(line: str, rng: Random) -> str:
    if "\\" not in line and ".exe" not in line.lower():
        return line
    sign = rng.choice(("^", '""'))

    def put(match: re.Match[str]) -> str:
        word = match[0]
        if rng.random() >= _OFTEN or len(word) > 40:  # noqa: PLR2004 - base64 stays whole
            return word
        cut = rng.randint(1, len(word) - 1)
        return (word[:cut] + sign + word[cut:]).swapcase() if rng.random() < _OFTEN else word[:cut] + sign + word[cut:]

    return re.sub(rf"(?<![A-Za-z0-9+/=])[A-Za-z]{{{_SHORTEST},}}(?![A-Za-z0-9+/=])", put, line).replace(" -", "  -")
