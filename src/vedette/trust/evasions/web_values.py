"""Rewrites the values of a query string, one by one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import unquote_plus

import polars as pl

QUERY = "http_request.url.query_string"


def rewritten(events: pl.DataFrame, change: Callable[[str, Random], str], rng: Random) -> pl.DataFrame:
    """Return the events with every value of the query changed; ``change`` gets it decoded and returns it encoded.

    A parameter without a value is itself one.
    """
    queries = [None if q is None else _changed(q, change, rng) for q in events[QUERY]]  # each with its own chances
    return events.with_columns(pl.Series(QUERY, queries, dtype=pl.String))


def _changed(query: str, change: Callable[[str, Random], str], rng: Random) -> str:
    pairs = []
    for pair in query.split("&"):
        name, sign, value = pair.partition("=") if "=" in pair else ("", "", pair)
        pairs.append(f"{name}{sign}{change(unquote_plus(value), rng)}")
    return "&".join(pairs)
