"""An attack among ordinary parameters and words."""

from __future__ import annotations

from random import Random
from urllib.parse import quote

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.web_values import QUERY

_WORDS = (
    "summer dresses for women", "how to bake good bread", "opening hours of our museum", "best places to visit in spring",
    "cheap flights and hotels", "news of the day from the city",
)  # fmt: skip
_PAIRS = ("page=2", "sort=price", "lang=en", "utm_source=news", "view=list", "color=blue", "size=42", "ref=home")


class WebPadding(Evasion):
    """Ten ordinary parameters around the attack, one of them a sentence: applications pass over parameters that they do not know."""

    name = "web_padding"
    kind = EventClass.HTTP_ACTIVITY
    column = QUERY
    detectors = ("web",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        queries = [None if q is None else _padded(q, rng) for q in events[QUERY]]  # each with its own chances
        return events.with_columns(pl.Series(QUERY, queries, dtype=pl.String))


def _padded(query: str, rng: Random) -> str:
    pairs = [*rng.choices(_PAIRS, k=9), f"q={quote(rng.choice(_WORDS))}"]
    place = rng.randint(0, len(pairs))
    return "&".join([*pairs[:place], query, *pairs[place:]])
