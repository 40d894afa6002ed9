"""Ordinary requests that look dangerous, made up in twelve manners."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.web_benign_grammars import BENIGN
from vedette.learning.datasets.web_items import made_by

EACH = 2_000
SEED = 20261124


class WebMadeBenign(Dataset):
    """Searches, code questions, shops, interfaces, query languages, sign-ins, tracking, files, forms, administration, robots.

    Made by twelve grammars of ours. What is wrong with it: as of ``web_made_attacks``.
    """

    name = "web_made_benign"
    title = "Ordinary web requests, made up"
    licence = "ours"
    trains = True
    origin = "vedette.learning.datasets.web_benign_grammars"
    kind = EventClass.HTTP_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {}

    def read(self, root: Path) -> pl.DataFrame:
        return made_by(BENIGN, EACH, SEED, "made")
