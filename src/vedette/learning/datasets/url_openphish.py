"""Phishing URLs of the OpenPhish feed: a test set, never trained on."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import WARNINGLISTS, items, known_sites, table, without_whole_sites


class UrlOpenphish(Dataset):
    """The public feed of OpenPhish, October 2024 to February 2026, by the time a URL was first seen in it.

    Half of a period's new URLs sit on free hosting already seen: the group is the domain without private suffixes, so that these do not
    count as new. Whole shared sites are left out (``without_whole_sites``). Its terms allow no commercial use: it serves as a test.
    """

    name = "url_openphish"
    title = "OpenPhish public feed"
    licence = "non-commercial use only (terms of service)"
    trains = False
    origin = "https://github.com/openphish/public_feed, commit 5610d1f"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_openphish/openphish_2024-10_2026-02.csv.zst": "f805dc0f489cd65587caabd452e22de2dd390673c8738a6ac5412dda48243ba8",
        **WARNINGLISTS,
    }

    def read(self, root: Path) -> pl.DataFrame:
        rows = table(root / next(iter(self.files))).select(
            "url",
            pl.lit("phishing").alias("@label"),
            pl.col("first_seen").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False).alias("@time"),
        )
        return items(without_whole_sites(rows, known_sites(root)), "openphish")
