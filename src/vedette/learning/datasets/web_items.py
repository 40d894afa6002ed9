"""Made-up or collected requests -> rows of a data set of HTTP Activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from random import Random

import polars as pl

from vedette.events.schema import SCHEMAS, EventClass
from vedette.learning.datasets.web_carrier import Request

_COLUMNS = {
    "path": "http_request.url.path",
    "query": "http_request.url.query_string",
    "agent": "http_request.user_agent",
    "referrer": "http_request.referrer",
    "method": "http_request.http_method",
}
PARTS = 5
"""Each fifth item is of the same part, so that an evaluation can do with fewer items of every grammar."""
_TIME = pl.Datetime("us", "UTC")
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""Events must have a time; these were at none."""


def rows(requests: Iterable[Request], groups: Iterable[str], corpus: str | Iterable[str]) -> pl.DataFrame:
    """Return the rows of a data set; a request that stands there twice with the same label is one.

    Args:
        requests: n requests.
        groups: n groups.
        corpus: of all, or n of them.
    """
    made = list(requests)
    http = SCHEMAS[EventClass.HTTP_ACTIVITY]
    columns = {c: pl.Series(c, [getattr(r, a) for r in made], dtype=http[c]) for a, c in _COLUMNS.items()}
    frame = pl.DataFrame(columns).with_columns(
        pl.lit(_NEVER).cast(_TIME).alias("time"),
        pl.Series("@label", [r.kind for r in made], dtype=pl.String),
        pl.Series("@group", list(groups), dtype=pl.String),
        pl.lit(corpus).alias("@corpus")
        if isinstance(corpus, str)
        else pl.Series("@corpus", list(corpus), dtype=pl.String),
        pl.lit(None, dtype=_TIME).alias("@time"),
    )
    distinct = frame.unique([*columns, "@label"], keep="first", maintain_order=True)
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    return distinct.with_columns(number.alias("metadata.sequence"), (number % PARTS).cast(pl.String).alias("@part"))


def made_by(grammars: Mapping[str, Callable[[Random], Request]], each: int, seed: int, corpus: str) -> pl.DataFrame:
    """Return ``each`` requests of every grammar (fewer where it repeats itself); a grammar is a group."""
    made, groups = [], []
    for name, grammar in grammars.items():
        rng = Random(f"{seed} {name}")  # noqa: S311 - the same requests every time
        made += [grammar(rng) for _ in range(each)]
        groups += [name] * each
    return rows(made, groups, [f"{corpus}_{g}" for g in groups])
