"""What the URL data sets share: reading compressed tables and archives, and making labelled items of URLs.

Rules for all of them:

* An item is a URL after normalisation (``features.url_parts``): scheme, leading ``www.`` and a slash at the end do not tell items apart.
* ``@group`` is the registered domain without private suffixes: ``github.io`` is one group.
* ``@corpus`` says also whether the URL is a home page (nothing behind the host) or a deep link, so that both weigh the same in training and
  are reported apart: "has a path" must say nothing.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import polars as pl
import zstandard

from vedette.events.schema import TIME
from vedette.features.url_parts import names, split

WARNINGLISTS = {
    "content/ti_misp_warninglists/warninglists.tar.zst": "b62ba9dc3baf48086c28213a8fa0ae082d6ee9e8f42ca98aac4e0bdfbaca4760"
}
LINK = rb"https?://[^\s\"'<>\)\]\\,\x00-\x20\x7f-\xff]{4,2000}"
"""A link in running text, up to what cannot stand in one or commonly follows one."""


def table(path: Path) -> pl.DataFrame:
    """Return a compressed CSV file, all columns as text."""
    with path.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as plain:
        return pl.read_csv(plain.read(), infer_schema=False, quote_char='"')


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of a compressed archive, in its order; nothing is written to disk."""
    with (
        path.open("rb") as stream,
        tarfile.open(
            fileobj=io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream)), mode="r|"
        ) as archive,
    ):
        for member in archive:
            if member.isfile() and (content := archive.extractfile(member)) is not None:
                yield member.name, content.read()


def items(urls: pl.DataFrame, corpus: str, most_per_domain: int | None = None) -> pl.DataFrame:
    """Return the items of labelled URLs, in the order given, without repetitions and what has no host.

    Args:
        urls: ``url``, ``@label`` (String) and ``@time`` (Datetime, may be null).
        corpus: the name of the collection.
        most_per_domain: keep only so many items of a registered domain, the first ones.
    """
    parts = split(urls["url"])
    known = urls.with_columns(parts["host", "tail", "port"]).with_columns(
        names(parts["host"])["domain"].alias("@group")
    )
    kept = known.filter(pl.col("host").str.contains(r"[.:]")).unique(
        ["host", "tail", "port", "@label"], keep="first", maintain_order=True
    )
    if most_per_domain is not None:
        kept = kept.filter(pl.int_range(pl.len()).over("@group", "@label") < most_per_domain)
    place = pl.when(pl.col("tail") == "").then(pl.lit("home")).otherwise(pl.lit("deep"))
    return kept.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"),
        pl.col("@time").cast(TIME).alias("time"),
        pl.col("url").alias("url.url_string"),
        "@label",
        "@group",
        pl.format("{}/{}", pl.lit(corpus), place).alias("@corpus"),
        pl.col("@time").cast(TIME),
    )


def known_sites(root: Path) -> set[str]:
    """Return the hosts that lists of much-visited sites name (Tranco 10k, Majestic, Moz 500)."""
    wanted = {f"lists/{n}/list.json" for n in ("tranco10k", "majestic_million", "moz-top500")}
    path = root / next(iter(WARNINGLISTS))
    return {
        str(host).strip(".").lower() for n, raw in members(path) if n in wanted for host in orjson.loads(raw)["list"]
    }


def without_whole_sites(urls: pl.DataFrame, known: set[str]) -> pl.DataFrame:
    """Return reported URLs without those that name no more than a much-visited site as a whole: somebody's page there was meant.

    The rule reads the host as it stands: ``weebly.com`` and ``www.weebly.com`` are dropped, ``somebody.weebly.com`` and
    ``weebly.com/page`` stay.
    """
    parts = split(urls["url"])
    whole = (parts["tail"] == "") & parts["host"].is_in(list(known))
    return urls.filter(~whole)
