"""URLs as text -> score, verdict and all reasons of every row. There is no peer: the goal is rows a second."""

from __future__ import annotations

from pathlib import Path

from bench import url

NAME = "URLs -> score, verdict and reasons"
GOAL = ">= 20,000 rows per CPU second"
ROWS = 20_000
SPENT: dict[str, float] = {}

make_input = url.make_input


def ours(path: Path) -> int:
    """Score and explain every URL; return how many."""
    return url.run(
        path, ROWS, SPENT, lambda detector, rows: detector.judge(rows).height + 0 * len(detector.reasons(rows))
    )
