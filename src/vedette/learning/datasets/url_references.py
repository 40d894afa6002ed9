"""Benign: links that analysts gave as references, in ATT&CK, Sigma rules and Maltrail's trails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import orjson
import polars as pl
import zstandard

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.url_items import LINK, items, members

_ATTACK = "host/attack-stix/{}-attack-18.1.json.zst"
_SIGMA, _MALTRAIL = "host/sigma/sigma-rules.tar.zst", "content/ti_maltrail/maltrail_static_trails.tar.zst"
_OBJECT = re.compile(
    rb"virustotal\.com/|any\.run/|otx\.alienvault|tria\.ge/|threatcrowd|threatfox|urlscan\.io|urlhaus|validin", re.I
)
"""Pages about a sample or an address: their paths are hashes and hostile names."""


class UrlReferences(Dataset):
    """References of MITRE ATT&CK (STIX), of Sigma rules and of Maltrail's trails ("# Reference:"): deep links of today's web.

    Blogs, advisories, documentation, code, posts: technical, mostly English, and their paths often name malware and brands. Pages of
    sandboxes and look-up services are left out, and no domain gives more than 200 items.
    """

    name = "url_references"
    title = "References of ATT&CK, Sigma and Maltrail"
    licence = "ATT&CK terms of use; DRL 1.1 (Sigma); MIT (Maltrail): links only"
    trains = True
    origin = "https://github.com/mitre-attack/attack-stix-data 18.1, https://github.com/SigmaHQ/sigma, https://github.com/stamparm/maltrail"
    kind = EventClass.EMAIL_URL_ACTIVITY
    files: ClassVar = {
        _ATTACK.format("enterprise"): "f0502db254db6076171cb73cfbd11485594b019b1e804c652063da67f7bbd6b9",
        _ATTACK.format("ics"): "0740fef57434538544dc9864327a14681e1018ac5d02eb2ba7290b334dc94dba",
        _ATTACK.format("mobile"): "6ffa62c10d9c8ce13368798e940cbd1dc55983f19b5f85a9dff5b33500c3c589",
        _SIGMA: "23b1cd3ed7cd361ab0a22cdc903f41623b3a0f8073e1e3acdc0dedf8c70f994e",
        _MALTRAIL: "8aa343ae5f70635df43cd7664102483035882ed8fac8185bff2b64f8e628315a",
    }

    def read(self, root: Path) -> pl.DataFrame:
        found = [*_attack(root), *_sigma(root), *_maltrail(root)]
        links = [link.decode().rstrip(".;:*`}") for link in dict.fromkeys(found) if not _OBJECT.search(link)]
        rows = pl.DataFrame({"url": links}, schema={"url": pl.String}).with_columns(
            pl.lit("benign").alias("@label"), pl.lit(None, pl.Datetime("us", "UTC")).alias("@time")
        )
        return items(rows, "references", most_per_domain=200)


def _attack(root: Path) -> Iterator[bytes]:
    for matrix in ("enterprise", "ics", "mobile"):
        with (root / _ATTACK.format(matrix)).open("rb") as stream:
            known = orjson.loads(zstandard.ZstdDecompressor().stream_reader(stream).read())
        for thing in known["objects"]:
            yield from (r["url"].encode() for r in thing.get("external_references", ()) if "url" in r)


def _sigma(root: Path) -> Iterator[bytes]:
    for name, raw in members(root / _SIGMA):
        if name.endswith(".yml"):
            yield from re.findall(LINK, raw.partition(b"references:")[2].partition(b"\nlogsource:")[0])


def _maltrail(root: Path) -> Iterator[bytes]:
    for _, raw in members(root / _MALTRAIL):
        for line in re.findall(rb"(?m)^# Reference: (\S+)", raw):
            yield from re.findall(LINK, line)
