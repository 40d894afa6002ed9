"""Test only: names that resolvers are asked for most, machine-made ones among them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.benign_domains import BenignDomains, counted, curated
from vedette.learning.datasets.domain_items import benign_lists, items, labelled

_CORPORA = {"opendns-top-domains": "opendns", "domain_stats-1.0.1": "domain_stats"}


class QueriedDomains(Dataset):
    """OpenDNS's and domain_stats' names that are neither curated nor counted for the language tables: the long tail of DNS traffic.

    Nobody vouches for them: names such as ``feodpyusmel.ws``, and the kill switch of WannaCry, are on these lists because infected hosts
    ask for them. The share that is called generated is an upper bound of the false positives, never a rate of them.
    """

    name = "queried_domains"
    title = "Much-asked domain names"
    licence = "none stated"
    trains = False
    origin = "OpenDNS public domain lists (2014); pypi.org/project/domain_stats 1.0.1"
    kind = EventClass.DNS_ACTIVITY
    files = BenignDomains.files

    def read(self, root: Path) -> pl.DataFrame:
        asked = labelled(benign_lists(root).filter(pl.col("list").is_in(list(_CORPORA)))).unique(
            "label", maintain_order=True
        )
        known = pl.concat([curated(root)["label"], counted(root)]).to_frame()
        rest = asked.join(known, on="label", how="anti", maintain_order="left")
        return items(
            rest.with_columns(
                pl.lit("benign").alias("@label"),
                pl.col("registered").alias("@group"),
                pl.col("list").replace_strict(_CORPORA).alias("@corpus"),
                pl.lit("test").alias("@part"),
            )
        )
