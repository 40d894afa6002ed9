"""Generated, never trained on: more names of the large families of ``dga``."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.dga import MOST, Dga, drawn
from vedette.learning.datasets.domain_items import items

_AND = 400


class DgaMore(Dataset):
    """400 more names of each family that has more than 2,000: families that were seen, names that were not."""

    name = "dga_more"
    title = "More generated domain names"
    licence = Dga.licence
    trains = False
    origin = Dga.origin
    kind = EventClass.DNS_ACTIVITY
    files = Dga.files

    def read(self, root: Path) -> pl.DataFrame:
        return items(drawn(root).filter(pl.col("rank").is_between(MOST, MOST + _AND, closed="left")))
