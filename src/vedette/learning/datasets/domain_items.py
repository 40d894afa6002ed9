"""What the data sets of domain names share: labels of registered names, as labelled DNS events.

* An item is a label: the part of a name that somebody chose (``features.domain_name``). The suffix is never seen by a model.
* ``@group`` of benign names is the registered name, of generated ones the family; labels stand once in all benign sets together.
* ``@corpus`` of generated names is the family too, so that tables tell of each.
* Labels of one or two characters and internationalised names are left out: the detector does not judge them.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import polars as pl

from vedette.events.schema import TIME
from vedette.features.domain_name import cleaned, with_label

DGA = {"net/dga/dga_domains.parquet": "d3aa84e3d5b60961138564e42f66de24d6c20281962e4040fd5fddbb91f3257b"}
BENIGN = {"net/dga/benign_domains.parquet": "eb4c23130b7856b49fff261d9a3b7cf42a517e1552dd06b4643daf8f0258b4f1"}
SHORTEST = 3


def labelled(names: pl.DataFrame) -> pl.DataFrame:
    """Return rows of ``domain`` (String) with ``label`` and ``registered``; without what nobody registered and what is not judged."""
    cut = with_label(names.lazy().with_columns(name=cleaned(pl.col("domain")))).collect()
    label = pl.col("label")
    return cut.filter(label.str.len_bytes() >= SHORTEST, ~label.str.starts_with("xn--")).drop("name", "suffix")


def items(names: pl.DataFrame) -> pl.DataFrame:
    """Return labelled DNS events of ``registered``, ``@label``, ``@group``, ``@corpus`` and ``@part``, in the order given."""
    return names.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
        pl.col("registered").alias("query.hostname"),
        "@label",
        "@group",
        "@corpus",
        "@part",
        pl.lit(None, TIME).alias("time"),
        pl.lit(None, TIME).alias("@time"),
    )


def benign_lists(root: Path) -> pl.DataFrame:
    """Return ``domain`` and ``list`` of the benign names as they stand in their lists, in a fixed order."""
    return pl.read_parquet(root / next(iter(BENIGN)), columns=["domain", "list"])


def number(label: str) -> int:
    """Return a number of 32 bits that is the same for the same label for ever: what parts are drawn by."""
    return zlib.crc32(label.encode("utf-8", "surrogatepass"))


def numbers(labels: pl.Series) -> pl.Series:
    """Return ``number`` of each label (a loop over distinct names: training only)."""
    return pl.Series("number", [number(x) for x in labels.to_list()], dtype=pl.UInt32)
