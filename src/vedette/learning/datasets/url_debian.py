"""Benign: home pages of the projects that Debian packages."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import items, table


class UrlDebian(Dataset):
    """The Homepage fields of Debian's package lists: about half have a path.

    A few code forges dominate, so no domain gives more than 300 items. Names of programs and authors, in English mostly; some links are
    dead, and a domain may have changed hands since.
    """

    name = "url_debian"
    title = "Debian package home pages"
    licence = "facts (Debian package metadata)"
    trains = True
    origin = "https://deb.debian.org/debian/dists (Packages files, field Homepage)"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/url_debian_homepages/debian_homepages.csv.zst": "c7b220a4fcf55be10feb459ceeb395ebf308d9a12e30aea3fe6c33961e56f548"
    }

    def read(self, root: Path) -> pl.DataFrame:
        rows = table(root / next(iter(self.files))).select(
            "url", pl.lit("benign").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
        )
        return items(rows, "debian", most_per_domain=300)
