"""Phishing reported to JPCERT/CC, 2019-2024."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import items, table


class UrlJpcert(Dataset):
    """Phishing URLs with the brand they imitate, by day of report.

    A third has a path; Japanese brands dominate. Parts of URLs were replaced by ``*`` by the publisher: the stars are taken out, since no
    other collection has them.
    """

    name = "url_jpcert"
    title = "JPCERT/CC phishing URL list"
    licence = "none stated (published by JPCERT/CC for use against phishing)"
    trains = True
    origin = "https://github.com/JPCERTCC/phishurl-list, commit a6e6d82"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_jpcert/jpcert_2019_2024.csv.zst": "200b25bfae7a938831e56cb4585469926db8bae1c25ad190693f61eda21175c8"
    }

    def read(self, root: Path) -> pl.DataFrame:
        rows = table(root / next(iter(self.files))).select(
            pl.col("url").str.replace_all("*", "", literal=True),
            pl.lit("phishing").alias("@label"),
            pl.col("date")
            .str.to_datetime("%Y/%m/%d %H:%M:%S", strict=False)
            .dt.replace_time_zone("UTC")
            .alias("@time"),
        )
        return items(rows, "jpcert")
