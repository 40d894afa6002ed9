"""What the URL evasions share: ordinary words, and where host and path of a URL stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import polars as pl

ORDINARY = [
    "about",
    "archive",
    "article",
    "articles",
    "authors",
    "blog",
    "books",
    "careers",
    "category",
    "community",
    "company",
    "contact",
    "content",
    "courses",
    "documentation",
    "download",
    "events",
    "explore",
    "features",
    "forum",
    "gallery",
    "guide",
    "guides",
    "health",
    "help",
    "history",
    "home",
    "images",
    "index",
    "journal",
    "learn",
    "library",
    "magazine",
    "map",
    "members",
    "music",
    "news",
    "newsletter",
    "notes",
    "overview",
    "pages",
    "people",
    "photos",
    "podcast",
    "press",
    "privacy",
    "products",
    "projects",
    "publications",
    "recipes",
    "reference",
    "research",
    "resources",
    "review",
    "reviews",
    "school",
    "science",
    "search",
    "services",
    "software",
    "sports",
    "stories",
    "support",
    "team",
    "tips",
    "topics",
    "travel",
    "tutorial",
    "university",
    "video",
    "weather",
    "wiki",
    "work",
]
"""Words that ordinary pages have in their paths; ours."""

_PARTS = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?//)?([^/?#]*)(.*)$", re.DOTALL)


def rewritten(
    events: pl.DataFrame, column: str, change: Callable[[str, str, Random], tuple[str, str]], rng: Random
) -> pl.DataFrame:
    """Return the events with host (user and port included) and rest of each URL changed; a loop over rows, for measuring and training."""
    made = [None if url is None else _changed(url, change, rng) for url in events[column]]
    return events.with_columns(pl.Series(column, made, dtype=pl.String))


def _changed(url: str, change: Callable[[str, str, Random], tuple[str, str]], rng: Random) -> str:
    found = _PARTS.match(url)
    assert found is not None  # noqa: S101 - the pattern matches any text
    host, rest = change(found[2], found[3], rng)
    return f"{found[1] or ''}{host}{rest}"
