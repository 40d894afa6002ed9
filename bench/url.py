"""URLs as text -> features, evidence, margin, p-value, verdict (with reasons: ``bench.url_reasons``).

There is no peer: the goal is rows a second.

The input is made up and different in every row: hosts of two to five labels under forty suffixes, half of the rows with a path, a tenth
with a query and percent-escapes, one in twenty with a protected name. The costly start (tables of suffixes and near misses, once per
process) is left out by a first batch that does not count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from vedette.abc import Learned
from vedette.detectors.url import Url
from vedette.learning.registry import equip
from vedette.testing.urls import url_events

NAME = "URLs -> score and verdict"
GOAL = ">= 200,000 rows per CPU second"
ROWS, BATCH = 200_000, 32_768
SPENT: dict[str, float] = {}

_SUFFIXES = [
    "com",
    "com",
    "com",
    "com",
    "net",
    "org",
    "de",
    "co.uk",
    "fr",
    "jp",
    "cn",
    "top",
    "xyz",
    "info",
    "io",
    "app",
    "dev",
    "ru",
    "br.com",
    "com.br",
    "nl",
    "it",
    "es",
    "pl",
    "shop",
    "online",
    "site",
    "club",
    "live",
    "me",
    "cc",
    "vercel.app",
    "pages.dev",
    "github.io",
    "blogspot.com",
    "duckdns.org",
    "web.app",
    "tk",
    "in",
    "us",
    "co",
]
_WORDS = [
    "account",
    "mail",
    "home",
    "news",
    "shop",
    "login",
    "secure",
    "cloud",
    "data",
    "blog",
    "photo",
    "paper",
    "green",
    "river",
    "stone",
    "light",
    "market",
    "travel",
    "garden",
    "music",
    "paypal",
    "microsoft",
    "update",
    "verify",
    "support",
    "service",
    "world",
    "online",
    "design",
    "house",
    "studio",
    "digital",
    "group",
    "center",
]


def make_input(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """Write URLs, one a line."""
    r = random.Random(seed)
    path.write_text("\n".join(_url(r) for _ in range(rows)))


def _url(r: random.Random) -> str:
    def label() -> str:
        drawn = "".join(r.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=r.randint(3, 10)))
        return r.choice(
            (r.choice(_WORDS), r.choice(_WORDS) + "-" + r.choice(_WORDS), drawn, r.choice(_WORDS) + drawn[:3])
        )

    host = ".".join(
        [*(label() for _ in range(r.choice((0, 0, 1, 1, 2)))), label() + drawn_tail(r), r.choice(_SUFFIXES)]
    )
    path = "".join(f"/{label()}" for _ in range(r.choice((0, 0, 1, 2, 3))))
    query = f"?id={r.randrange(10**6)}&q={label()}%20{label()}" if r.random() < 1 / 10 else ""
    return f"{r.choice(('http', 'https'))}://{'www.' if r.random() < 1 / 4 else ''}{host}{path}{query}"


def drawn_tail(r: random.Random) -> str:
    """Return a few characters that make a name its own."""
    return "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=3))


def ours(path: Path) -> int:
    """Score every URL; return how many."""
    return run(path, ROWS, SPENT, lambda detector, rows: detector.judge(rows).height)


def run(path: Path, most: int, spent: dict[str, float], work: Callable[[Learned, pl.DataFrame], int]) -> int:
    """Let ``work`` have the first ``most`` URLs, batch by batch; return how many it did."""
    urls = path.read_text().split("\n")[:most]
    detector, made, done = equip(Url), Url.needs(), 0
    if not isinstance(detector, Learned):
        raise TypeError(detector)
    batches = [url_events(urls[at : at + BATCH]) for at in range(0, len(urls), BATCH)]
    work(detector, made.compute(made.take(url_events(urls[:1000]))).collect())
    began = time.process_time()
    for batch in batches:
        done += work(detector, made.compute(made.take(batch)).collect())
    spent["ours"] = time.process_time() - began
    return done
