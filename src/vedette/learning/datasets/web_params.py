"""Values of parameters: forms of a Spanish shop, and what attack tools sent it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import ClassVar

import polars as pl
import zstandard

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.web_carrier import carried
from vedette.learning.datasets.web_items import rows

SEED = 20261122
_FILE = "net/web-attack/HttpParams_payload_train.csv.zst"
_KINDS = {"norm": "benign", "sqli": "sqli", "xss": "xss", "cmdi": "cmdi", "path-traversal": "traversal"}


class WebParams(Dataset):
    """HttpParamsDataset: values of form fields, 12,870 ordinary and 7,842 attacks; each is carried here by a made-up request.

    What is wrong with it: the ordinary values are Spanish names, places and numbers (CSIC 2010), the SQL injection is the output of one
    tool (sqlmap), so that anything tells them apart. Commands and traversal are few.
    """

    name = "web_params"
    title = "HttpParamsDataset"
    licence = "MIT"
    trains = True
    origin = "https://github.com/Morzeux/HttpParamsDataset (926670a)"
    kind = EventClass.HTTP_ACTIVITY
    files: ClassVar[Mapping[str, str]] = {_FILE: "33cb4f1ccebddc35021a4d5875637d36a41491cd7b8d6ce9563678e386582544"}

    def read(self, root: Path) -> pl.DataFrame:
        rng = Random(SEED)  # noqa: S311 - the same carriers every time
        with (root / _FILE).open("rb") as stream:
            text = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), "utf-8")
            values = [(r["payload"], r["attack_type"]) for r in csv.DictReader(text)]
        made = [carried(rng, _KINDS[kind], value) for value, kind in values]
        return rows(made, [f"params_{kind}" for _, kind in values], "params")
