"""Generated: names that the generators of 50 malware families make, a bounded number of each."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.domain_items import DGA, items, labelled, numbers

MOST = 2000
"""Names of a family: six families are 84 % of the origin."""
WORDS = ("charbot", "fosniw", "gozi", "nymaim2")
"""Families whose names are ordinary words, or ordinary names changed a little: a model that learns from them learns noise."""

FAMILIES = (
    "banjori bumblebee conficker dircrypt fobber m0yv mydoom orchard qakbot ranbyus simda tufik",
    "charbot chinad corebot dmsniff kraken monerodownloader padcrypt ramdo reconyc symmi unnamed_javascript_dga",
    "fosniw cryptolocker darkcracks gameover newgoz murofet locky necurs pitou proslikefan sharkbot",
    "gozi dnschanger nymaim nymaim2 pushdo qadars shiotob sisron tempedreve tinba",
    "ngioweb pykspa ramnit vawtrak verblecon zloader",
)
"""Parts for leaving families out: families that are variants of each other are in the same one (gameover, newgoz, murofet; nymaim)."""

_DROPPED = "unnamed_downloader"  # chooses names below github.io: the registered name is GitHub's


class Dga(Dataset):
    """At most 2,000 names of each family, drawn by a hash of the name.

    Single families have 1 to 40,000 names at the origin, some from one seed of the generator only: recall of a small family is a coarse
    figure. What is left over of the large families is ``dga_more``.
    """

    name = "dga"
    title = "Generated domain names"
    licence = "GPL-2.0 (baderj/domain_generation_algorithms), none stated (andrewaeva/DGA, clicksecurity)"
    trains = True
    origin = "baderj/domain_generation_algorithms @09961a1, andrewaeva/DGA @00b49f0, clicksecurity data_hacking"
    kind = EventClass.DNS_ACTIVITY
    files = DGA

    def read(self, root: Path) -> pl.DataFrame:
        return items(drawn(root).filter(pl.col("rank") < MOST))


def drawn(root: Path) -> pl.DataFrame:
    """Return every generated name with what is known about it, and its ``rank`` in its family in the order of a hash."""
    names = pl.read_parquet(root / next(iter(DGA)), columns=["domain", "family"]).filter(pl.col("family") != _DROPPED)
    parts = {family: f"families {k}" for k, some in enumerate(FAMILIES, 1) for family in some.split()}
    found = labelled(names).unique(["family", "label"], keep="first", maintain_order=True)
    return found.with_columns(number=numbers(found["label"])).with_columns(
        rank=pl.col("number").rank("ordinal").over("family") - 1,
        **{
            "@label": pl.when(pl.col("family").is_in(WORDS))
            .then(pl.lit("generated words"))
            .otherwise(pl.lit("generated")),
            "@group": pl.col("family"),
            "@corpus": pl.col("family"),
            "@part": pl.col("family").replace_strict(parts),
        },
    )
