"""Made of the other URL sets: their hosts without paths, and home pages with paths of the same label."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.features.url_parts import split
from vedette.learning.datasets.url_browsing import UrlBrowsing
from vedette.learning.datasets.url_debian import UrlDebian
from vedette.learning.datasets.url_ebbu import UrlEbbu
from vedette.learning.datasets.url_items import items
from vedette.learning.datasets.url_jpcert import UrlJpcert
from vedette.learning.datasets.url_mail_ham import UrlMailHam
from vedette.learning.datasets.url_references import UrlReferences
from vedette.learning.datasets.url_tweetfeed import UrlTweetfeed
from vedette.learning.datasets.warninglist_sites import WarninglistSites

_SETS: dict[str, type[Dataset]] = {
    "debian": UrlDebian,
    "ebbu": UrlEbbu,
    "references": UrlReferences,
    "mail": UrlMailHam,
    "browsing": UrlBrowsing,
    "jpcert": UrlJpcert,
    "tweetfeed": UrlTweetfeed,
}
_ALL: tuple[type[Dataset], ...] = (*_SETS.values(), WarninglistSites)
_PATHS_OF_SITES = ("debian", "ebbu", "references", "mail")
"""Whose paths the benign sites get, in turn."""


class UrlRecombined(Dataset):
    """What keeps "has a path" from telling anything: home pages are of one kind and deep links of another in every public set.

    ``X_made/home``: every host of a deep link of set X, once, without its path. ``X_made/deep``: a home page with the path of a deep link
    of set X and of the same label. Hostile ones get that of the deep link reported last before them, so that no path is of the future;
    benign ones are sites of the warning lists with paths of four sets in turn. Labels, domains and times are those of the host's own item.
    """

    name = "url_recombined"
    title = "URLs recombined: hosts and paths of the other sets"
    licence = "those of the sets it is made of"
    trains = True
    origin = "made by Vedette of its other sets of URLs"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {p: h for s in _ALL for p, h in s.files.items()}

    def read(self, root: Path) -> pl.DataFrame:
        sets = {name: _parted(made().read(root)) for name, made in _SETS.items()}
        sites = _parted(WarninglistSites().read(root)).filter(pl.col("@corpus") != "sites_visited/home")
        made = [items(_stripped(rows), f"{name}_made") for name, rows in sets.items()]
        made += [items(_latest(sets[name]), f"{name}_made") for name in ("jpcert", "tweetfeed")]
        for turn, name in enumerate(_PATHS_OF_SITES):
            hosts = sites.gather_every(len(_PATHS_OF_SITES), turn)
            tails = sets[name].filter((pl.col("@label") == "benign") & (pl.col("tail") != ""))["tail"].unique().sort()
            paths = tails.sample(hosts.height, with_replacement=True, seed=turn)
            made.append(items(hosts.with_columns(url=pl.col("host") + paths), f"{name}_made"))
        return pl.concat(made).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"))


def _parted(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(split(rows["url.url_string"])["host", "tail"])


def _stripped(rows: pl.DataFrame) -> pl.DataFrame:
    deep = rows.filter(pl.col("tail") != "").unique(["host", "@label"], keep="first", maintain_order=True)
    return deep.select(pl.col("host").alias("url"), "@label", "@time")


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the home pages with the path of the deep link of their label that was reported last before."""
    ordered = rows.sort("@time", maintain_order=True)
    before = pl.when(pl.col("tail") != "").then("tail").forward_fill().over("@label")
    home = ordered.with_columns(before.alias("path")).filter((pl.col("tail") == "") & pl.col("path").is_not_null())
    return home.select((pl.col("host") + pl.col("path")).alias("url"), "@label", "@time")
