"""Phishing and legitimate URLs of 2017, collected by people of Ebubekir Büber's group."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import items, table


class UrlEbbu(Dataset):
    """Phishing of PhishTank and legitimate results of a search engine, both of 2017.

    A third are repetitions. The scheme and ``www.`` tell the classes apart (https: 37 % of the legitimate, 2 % of the phishing): both are
    taken off before any feature. Times are not known; all are given the end of 2017.
    """

    name = "url_ebbu"
    title = "Ebbu 2017 phishing and legitimate URLs"
    licence = "none stated"
    trains = True
    origin = "https://github.com/ebubekirbbr/pdd, commit 90b394d"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_ebbu2017/ebbu2017.csv.zst": "ca55e59552f76dd28579c2b43fe099c036a20f6c92adc67e84bbf55ccc8104b7"
    }

    def read(self, root: Path) -> pl.DataFrame:
        label = pl.when(pl.col("label") == "phishing").then(pl.lit("phishing")).otherwise(pl.lit("benign"))
        rows = table(root / next(iter(self.files))).select(
            "url", label.alias("@label"), pl.lit(datetime(2017, 12, 31, tzinfo=UTC)).alias("@time")
        )
        return items(rows, "ebbu")
