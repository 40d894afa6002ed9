"""A set that teaches the wrong thing: kept to show whether a model falls into its trap."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import items, table


class UrlKaggleTrap(Dataset):
    """Part of a much-used set of benign, defacement, phishing and malware URLs; never trained on, and no benchmark.

    Benign URLs have no scheme (91 %) but a path (89 %), phishing has seldom either (31 %, 29 %), defacement always has a scheme. A model
    that uses scheme, ``www.`` or "has a path" looks excellent here and is useless elsewhere.
    """

    name = "url_kaggle_trap"
    title = "Malicious URLs (Kaggle), the trap set"
    licence = "none stated"
    trains = False
    origin = "https://github.com/AdamIstvanDurucz/ds, commit 4b3e222 (part of a Kaggle set)"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_kaggle_trap/malicious_phish_part.csv.zst": "215279e28f22a63ede029b7e4260128a69d846bb03e46063b23fd14b1b04a8e7"
    }

    def read(self, root: Path) -> pl.DataFrame:
        rows = table(root / next(iter(self.files))).select(
            "url", pl.col("label").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
        )
        return items(rows, "kaggle")
