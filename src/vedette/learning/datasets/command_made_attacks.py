"""Hostile command lines, made up in nineteen manners."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.command_grammars import ATTACKS
from vedette.learning.datasets.command_items import made_by

EACH = 1_000
SEED = 20261125


class CommandMadeAttacks(Dataset):
    """Commands that fetch and run, hide, dump credentials, stay, blind, destroy, look round, move on; Windows, PowerShell and Unix.

    Made by nineteen grammars of ours, each in the manner of other people or tools. What is wrong with it: nobody ever ran these; the
    grammars have the same authors as the detector's signs, so that only commands from elsewhere show how good it is.
    """

    name = "command_made_attacks"
    title = "Hostile commands, made up"
    licence = "ours"
    trains = True
    origin = "vedette.learning.datasets.command_grammars"
    kind = EventClass.PROCESS_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {}

    def read(self, root: Path) -> pl.DataFrame:
        return made_by(ATTACKS, EACH, SEED, "hostile")
