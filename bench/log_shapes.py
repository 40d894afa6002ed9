"""Log messages as text -> shapes (masks and joining), against drain3 as it comes.

The messages are made up: forty forms of a few dozen words, with numbers, addresses, paths, names and identifiers that differ in every
row. Reading them from the file, and the imports, count on neither side. How well either groups real logs is another
question: ``vedette evaluate sequences --protocol loghub``.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import polars as pl

from vedette.features.log_merge import merged
from vedette.features.log_shape import shapes

NAME = "log lines -> shapes"
GOAL = ">= 10x drain3"
ROWS, BATCH = 200_000, 65_536
SPENT: dict[str, float] = {}

_WORDS = """
accepted closed request session worker queue cache block replica token index cluster node volume snapshot
lease timeout retry commit flush reload listener thread pool bucket channel peer route shard cursor batch
handler stream record offset leader follower
""".split()  # noqa: SIM905


def make_input(path: Path, rows: int = ROWS, seed: int = 1) -> None:
    """Write messages, one a line."""
    r = random.Random(seed)
    forms = [[r.choice(_WORDS) for _ in range(r.randint(3, 8))] for _ in range(40)]
    kinds = [[r.randrange(7) for _ in range(r.randint(1, 4))] for _ in forms]
    path.write_text("\n".join(_message(r, *r.choices(list(zip(forms, kinds, strict=True)))[0]) for _ in range(rows)))


def _message(r: random.Random, words: list[str], kinds: list[int]) -> str:
    values = [_value(r, k) for k in kinds]
    return " ".join(w for pair in zip(words, values, strict=False) for w in pair) + " " + " ".join(words[len(values) :])


def _value(r: random.Random, kind: int) -> str:
    return (
        str(r.randrange(1_000_000)),
        f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(256)}:{r.randrange(65_536)}",
        f"/var/lib/{r.choice(_WORDS)}/{r.randrange(10_000)}.db",
        f"blk_{r.getrandbits(60)}",
        f"id={r.getrandbits(64):016x}",
        f"{r.uniform(0, 900):.2f} ms",
        f"user u{r.randrange(500)}",
    )[kind]


def ours(path: Path) -> int:
    """Find the shape of every message, joined over all of them; return how many messages."""
    lines = pl.Series(path.read_text().split("\n"))
    merged(shapes(lines.head(10)))
    before = time.process_time()
    found = pl.concat([shapes(lines[k : k + BATCH]) for k in range(0, len(lines), BATCH)])
    done = len(merged(found))
    SPENT["ours"] = time.process_time() - before
    return done


def peer(path: Path) -> int:
    """The same by drain3."""
    from drain3 import TemplateMiner  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - the peer
    from drain3.template_miner_config import TemplateMinerConfig  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415

    lines = path.read_text().split("\n")
    miner = TemplateMiner(config=TemplateMinerConfig())
    before, done = time.process_time(), 0
    for line in lines:
        done += bool(miner.add_log_message(line))
    SPENT["peer"] = time.process_time() - before
    return done
