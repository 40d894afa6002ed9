"""Benign: registered names that people curated or that many pages link to; and the names that the language tables are counted over."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.features.url_parts import split
from vedette.learning.datasets.domain_items import BENIGN, benign_lists, items, labelled, numbers
from vedette.learning.datasets.url_debian import UrlDebian
from vedette.learning.datasets.url_items import WARNINGLISTS, members, table

CORPORA = {
    "debian": "projects",
    "public-dns-hostname": "networks",
    "misp:university_domains": "universities",
    "misp:bank-website": "banks",
    "misp:majestic_million": "popular",
    "misp:tranco10k": "popular",
    "misp:alexa": "popular",
}
"""List -> corpus; a name of several lists is of the first."""
COUNTED = "misp:cloudflare-top100k"
_TESTED = 5  # every fifth name is of the part "test"


class BenignDomains(Dataset):
    """Popular sites by links and panels, universities, banks, home pages of Debian's packages, and operators of public resolvers.

    Lists of what resolvers are asked for (Cloudflare, Cisco, OpenDNS, domain_stats) are not here: one to ten in a hundred of their names
    are themselves made by machines (advertising, adult and malware networks), which a look at them shows; see ``queried_domains``.
    Popular names are shorter and more often words than those of small firms; networks and projects are the long tail.
    """

    name = "benign_domains"
    title = "Curated domain names"
    licence = "CC0 1.0 (MISP warning lists), facts (Debian package metadata)"
    trains = True
    origin = "https://github.com/MISP/misp-warninglists, commit 84f0610; https://deb.debian.org/debian/dists"
    kind = EventClass.DNS_ACTIVITY
    files = BENIGN | WARNINGLISTS | UrlDebian.files

    def read(self, root: Path) -> pl.DataFrame:
        names = curated(root)
        return items(
            names.with_columns(
                pl.lit("benign").alias("@label"),
                pl.col("registered").alias("@group"),
                pl.col("list").replace_strict(CORPORA).alias("@corpus"),
                pl.when(numbers(names["label"]) % _TESTED == 0)
                .then(pl.lit("test"))
                .otherwise(pl.lit("train"))
                .alias("@part"),
            )
        )


def curated(root: Path) -> pl.DataFrame:
    """Return ``label``, ``registered`` and ``list`` of every curated name."""
    listed = benign_lists(root).filter(pl.col("list").is_in(list(CORPORA)))
    hosts = [("public-dns-hostname", host) for host in _hosts(root)]
    pages = split(table(root / next(iter(UrlDebian.files)))["url"])["host"].drop_nulls()
    whole = pl.concat(
        [
            pl.DataFrame({"domain": pages, "list": "debian"}),
            pl.DataFrame(hosts, schema=["list", "domain"], orient="row").select("domain", "list"),
            listed,
        ]
    )
    order = {name: k for k, name in enumerate(CORPORA)}
    ranked = labelled(whole).sort(pl.col("list").replace_strict(order), maintain_order=True)
    return ranked.unique("label", keep="first", maintain_order=True)


def counted(root: Path) -> pl.Series:
    """Return the labels that the language tables are counted over: asked for, and in none of the curated lists."""
    asked = labelled(benign_lists(root).filter(pl.col("list") == COUNTED)).unique("label", maintain_order=True)
    return asked.join(curated(root).select("label"), on="label", how="anti", maintain_order="left")["label"]


def _hosts(root: Path) -> list[str]:
    for name, raw in members(root / next(iter(WARNINGLISTS))):
        if name.endswith("/public-dns-hostname/list.json"):
            return [str(host) for host in orjson.loads(raw)["list"]]
    return []
