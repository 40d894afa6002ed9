"""Benign: what browsers asked for in the HTTP logs of RITA's test data."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import items, members

_ARCHIVE = "net/rita-test-data/rita-test-data.tar.zst"
_LOG = "dnscat2-ja3-strobe-agent/http.log.gz"


class UrlBrowsing(Dataset):
    """Requests in clear text of a small office of 2018 whose users browse popular sites: pages, pictures, scripts, advertising, updates.

    A script drives the browsers. No domain gives more than 60 items. Requests to bare addresses are left out (the log has a beacon in it).
    """

    name = "url_browsing"
    title = "Requests of browsers (RITA test data)"
    licence = "GPL-3.0"
    trains = True
    origin = "https://github.com/activecm/rita, commit a3c5150"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {_ARCHIVE: "3dba981618d46e4c178358371b9d9c774c123c64f8f5570dbf04264fe55bec9d"}

    def read(self, root: Path) -> pl.DataFrame:
        raw = next(gzip.decompress(raw) for name, raw in members(root / _ARCHIVE) if name.endswith(_LOG))
        lines = [line.split("\t") for line in raw.decode("utf-8", "replace").splitlines() if not line.startswith("#")]
        urls = [f"{line[8]}{line[9]}" for line in lines if line[8] not in {"-", "(empty)"} and line[9].startswith("/")]
        rows = pl.DataFrame({"url": urls}, schema={"url": pl.String}).with_columns(
            pl.lit("benign").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
        )
        return items(rows.filter(~pl.col("url").str.contains(r"^[0-9.:]+/")), "browsing", most_per_domain=60)
