"""Benign: much-visited sites, universities and banks, as home pages."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import orjson
import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import WARNINGLISTS, items, members

_LISTS = {
    "university_domains": "sites_curated",
    "bank-website": "sites_curated",
    "moz-top500": "sites_visited",
    "majestic_million": "sites_visited",
    "tranco10k": "sites_visited",
    "alexa": "sites_visited",
    "cloudflare-top20k": "sites_visited",
    "cloudflare-top100k": "sites_asked",
}
"""List -> corpus. What resolvers are asked for (Cloudflare beyond 20,000) holds short-lived and shady names too: a corpus of its own."""


class WarninglistSites(Dataset):
    """Hosts of MISP's warning lists of popular sites, universities and banks; home pages only, so never the only benign set.

    The lists are of 2023 to 2026. Popular is not the same as benign: some of the names belong to gambling, advertising or abuse.
    """

    name = "warninglist_sites"
    title = "Sites of the MISP warning lists"
    licence = "CC0 1.0"
    trains = True
    origin = "https://github.com/MISP/misp-warninglists, commit 84f0610"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = WARNINGLISTS

    def read(self, root: Path) -> pl.DataFrame:
        found: dict[str, list[str]] = {}
        for name, raw in members(root / next(iter(self.files))):
            parts = name.split("/")
            if len(parts) > 1 and parts[-1] == "list.json" and parts[-2] in _LISTS:
                found[parts[-2]] = [str(host).strip(".").lower() for host in orjson.loads(raw)["list"]]
        sets, seen = [], set[str]()
        for listed, corpus in _LISTS.items():
            hosts = [h for h in found.get(listed, []) if h not in seen]
            seen.update(hosts)
            rows = pl.DataFrame({"url": hosts}, schema={"url": pl.String}).with_columns(
                pl.lit("benign").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
            )
            sets.append(items(rows, corpus))
        return pl.concat(sets).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"))
