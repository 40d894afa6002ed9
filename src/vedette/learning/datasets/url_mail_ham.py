"""Benign: links in the wanted mail of SpamAssassin's and TREC's public corpora."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import LINK, items, members, table

_FOLDERS = {"content/email_spamassassin": "2002-12-31", "content/email_trec07p": "2007-04-30"}


class UrlMailHam(Dataset):
    """Links of newsletters, mailing lists and people's mail of 2001-2007: long paths, query strings, tracking links.

    The links are found in the text as it stands, quoted-printable undone. Few senders give most links: no domain gives more than 150 items.
    """

    name = "url_mail_ham"
    title = "Links in wanted mail (SpamAssassin, TREC 2007)"
    licence = "SpamAssassin: PDDL 1.0 as labelled at its origin; TREC 2007: none stated"
    trains = True
    origin = "https://github.com/stdlib-js/datasets-spam-assassin, commit 1b84d49; https://github.com/JM-Rodrigo/Datos_IA, commit 4f6d505"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        "content/email_spamassassin/index.csv.zst": "951539c2f0e432f872926aaf33b784e6dc08b248e4516522257f9945f231e932",
        "content/email_spamassassin/messages.tar.zst": "8a0e24fd884138da983c0d35cc981263419018570db46ac29752ee35d42d7276",
        "content/email_trec07p/index.csv.zst": "28efba08208491e0274bb850b49f7db658da2284a31cb04ea3961da7b8fe6c09",
        "content/email_trec07p/messages.tar.zst": "853039aaa8749f26ba2dd05543f3d93d3e3aab3547ae57d2ba4df824babe965e",
    }

    def read(self, root: Path) -> pl.DataFrame:
        found: dict[bytes, str] = {}
        for folder, day in _FOLDERS.items():
            index = table(root / folder / "index.csv.zst")
            wanted = set(index.filter(pl.col("label") == "ham")["path"])
            for name, raw in members(root / folder / "messages.tar.zst"):
                if name in wanted:
                    body = raw.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"=3D", b"=")
                    found |= dict.fromkeys(re.findall(LINK, body), day)
        links = [link.decode().rstrip(".;:*`}") for link in found]
        rows = pl.DataFrame({"url": links, "day": list(found.values())}, schema={"url": pl.String, "day": pl.String})
        known = rows.select(
            "url",
            pl.lit("benign").alias("@label"),
            pl.col("day").str.to_datetime("%Y-%m-%d").dt.replace_time_zone("UTC").alias("@time"),
        )
        return items(known, "mail", most_per_domain=150)
