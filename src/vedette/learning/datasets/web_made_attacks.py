"""Attacks on web applications, made up in ten manners."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.web_attack_grammars import ATTACKS
from vedette.learning.datasets.web_items import made_by

EACH = 1_500
SEED = 20261123


class WebMadeAttacks(Dataset):
    """Requests with SQL injection, cross-site scripting, traversal, commands, templates, lookups, scans and web shells.

    Made by ten grammars of ours, each in the manner of other people or tools. What is wrong with it: nobody ever sent these; the grammars
    have the same authors as the detector's facts, so that only requests from elsewhere show how good it is.
    """

    name = "web_made_attacks"
    title = "Web attacks, made up"
    licence = "ours"
    trains = True
    origin = "vedette.learning.datasets.web_attack_grammars"
    kind = EventClass.HTTP_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {}

    def read(self, root: Path) -> pl.DataFrame:
        return made_by(ATTACKS, EACH, SEED, "made")
