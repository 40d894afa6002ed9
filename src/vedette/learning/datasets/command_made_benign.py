"""Ordinary command lines, made up in twelve manners."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.command_grammars import BENIGN
from vedette.learning.datasets.command_items import made_by

EACH = 2_000
SEED = 20261126


class CommandMadeBenign(Dataset):
    """The system itself, programs of people, installers, administration, management agents, building of software, cron; Windows and Unix.

    Made by twelve grammars of ours. What is wrong with it: as of ``command_made_attacks``.
    """

    name = "command_made_benign"
    title = "Ordinary commands, made up"
    licence = "ours"
    trains = True
    origin = "vedette.learning.datasets.command_grammars"
    kind = EventClass.PROCESS_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {}

    def read(self, root: Path) -> pl.DataFrame:
        return made_by(BENIGN, EACH, SEED, "benign")
