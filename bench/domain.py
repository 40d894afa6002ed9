"""Domain names as text -> suffix, evidence, margin, p-value, verdict (with reasons: ``bench.domain_reasons``).

There is no peer: the goal is names a second. The input is made up and different in every row: half of the names are of words, half of
random letters, under twenty suffixes, a third with labels before the registered name. The costly start (tables of suffixes and of the
language, once per process) is left out by a first batch that does not count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from vedette.abc import Learned
from vedette.detectors.domain import Domain
from vedette.learning.registry import equip
from vedette.testing.names import lookups
from vedette.trust.evasions.domain_generators import WORDS

NAME = "domain names -> score and verdict"
GOAL = ">= 200,000 names per CPU second"
ROWS, BATCH = 400_000, 32_768
SPENT: dict[str, float] = {}

_SUFFIXES = "com com com com net net org org de fr co.uk com.br info biz ru cn io duckdns.org ddns.net xyz".split()  # noqa: SIM905


def make_input(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """Write names, one a line."""
    r = random.Random(seed)
    path.write_text("\n".join(_name(r) for _ in range(rows)))


def _name(r: random.Random) -> str:
    drawn = "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(6, 14)))
    label = r.choice((drawn, r.choice(WORDS) + r.choice(WORDS) + drawn[:2]))
    return f"{r.choice(('', '', '', 'www.', 'cdn-7.img.', 'mail.'))}{label}.{r.choice(_SUFFIXES)}"


def ours(path: Path) -> int:
    """Judge every name; return how many."""
    return run(path, ROWS, SPENT, lambda detector, rows: detector.judge(rows).height)


def run(path: Path, rows: int, spent: dict[str, float], judge: Callable[[Learned, pl.DataFrame], int]) -> int:
    """Judge the first ``rows`` names of ``path`` in batches, from their text on; return how many."""
    detector, features = equip(Domain), Domain.needs()
    if not isinstance(detector, Learned):
        raise TypeError(detector)
    names = path.read_text().split("\n")[:rows]
    batches = [lookups(names[k : k + BATCH]) for k in range(0, len(names), BATCH)]

    def one(k: int) -> int:
        return judge(detector, features.compute(features.take(batches[k])).collect())

    one(0)
    before, done = time.process_time(), 0
    for k in range(len(batches)):
        done += one(k)
    spent["ours"] = time.process_time() - before
    return done
