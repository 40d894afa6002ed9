"""HTTP requests -> features, evidence, margin, p-value, verdict.

There is no peer: the goal is requests a second. The input is made up by the grammars of the data sets, 2 % of it attacks, and every request
is different (a number in its query), so that nothing is read once for many. A first batch, with the patterns and tables of the process,
does not count.
"""

from __future__ import annotations

import time
from pathlib import Path

import polars as pl

from vedette.abc import Learned
from vedette.detectors.web import Web
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.features.web_request import WebRequest
from vedette.learning.datasets.web_attack_grammars import ATTACKS
from vedette.learning.datasets.web_benign_grammars import BENIGN
from vedette.learning.datasets.web_items import made_by
from vedette.learning.registry import equip

NAME = "HTTP requests -> score and verdict"
GOAL = ">= 100,000 distinct requests per CPU second"
ROWS, BATCH = 200_000, 32_768
SPENT: dict[str, float] = {}

_QUERY = "http_request.url.query_string"


def make_input(path: Path) -> None:
    """Write the requests."""
    made = pl.concat([made_by(BENIGN, 1_000, 9, "made"), made_by(ATTACKS, 25, 9, "made")])
    events = made.select(c for c in made.columns if not c.startswith("@"))
    many = pl.concat([events] * (ROWS // events.height + 1)).sample(fraction=1, shuffle=True, seed=1).head(ROWS)
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    query = pl.concat_str(pl.col(_QUERY), pl.format("n={}", number), separator="&", ignore_nulls=True)
    many.with_columns(query.alias(_QUERY), number.alias("metadata.sequence")).write_parquet(path)


def ours(path: Path) -> int:
    """Judge every request."""
    events, features, detector = pl.read_parquet(path), WebRequest(), equip(Web)
    assert isinstance(detector, Learned)  # noqa: S101 - for the reader of types
    _judge(features, detector, events.head(1_000))
    began, count = time.process_time(), 0
    for part in events.iter_slices(BATCH):
        count += _judge(features, detector, part)
    SPENT["ours"] = time.process_time() - began
    return count


def _judge(features: WebRequest, detector: Learned, events: pl.DataFrame) -> int:
    rows = features.compute(features.take(EventBatch(EventClass.HTTP_ACTIVITY, events))).collect()
    return detector.judge(rows).height
