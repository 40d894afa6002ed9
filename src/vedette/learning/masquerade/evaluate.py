"""One user against another: learn the first part of a user's commands, then tell the user's later blocks from another user's.

The intruder is nobody whom the scorer knows: the others that it learns are all users but these two. A scorer that updates meets the user's
own blocks in order, and learns each that it takes for the user's: one below the score that nine in ten of the blocks it learned from have,
left out one fifth at a time. An intruder's block is scored by what it had learned at that time, and is never learned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol as TypeProtocol

import numpy as np

from vedette.learning.masquerade.commands import read
from vedette.learning.masquerade.habits import SCORERS, Commands, Scorer
from vedette.learning.measures import Floats, auc, roc

BLOCKS = (10, 50, 100)
TRAINED = 0.5
"""Share of a user's commands, the first ones, that is learned."""
ACCEPTED = 0.9
FOLDS = 5

Result = dict[str, float | str | int]
Told = Callable[[str], None]


class Protocol(TypeProtocol):
    """Runs over the data in a folder; says what it is at."""

    def __call__(self, root: Path, seed: int, told: Told) -> list[Result]: ...


def blocks(commands: Commands, size: int) -> list[Commands]:
    """Return whole blocks, one after the other."""
    return [commands[i : i + size] for i in range(0, len(commands) - size + 1, size)]


def evaluate(users: Mapping[str, Commands], size: int, of: Sequence[type[Scorer]] = SCORERS) -> list[Result]:
    """Return a line per user, intruder and scorer: area under the ROC and equal error rate over blocks of ``size`` commands."""
    out: list[Result] = []
    for user, commands in users.items():
        own, later = commands[: int(len(commands) * TRAINED)], commands[int(len(commands) * TRAINED) :]
        for other, foreign in users.items():
            if other == user:
                continue
            known = [c for name, c in users.items() if name not in (user, other)]
            strange = blocks(foreign, size)
            for cls in of:
                scorer = cls()
                limit = _limit(cls, own, known, size) if scorer.updates else 0.0
                scorer.fit(own, known)
                mine, theirs = _scored(scorer, blocks(later, size), strange, limit)
                scores, labels = np.array([*mine, *theirs]), np.arange(len(mine) + len(theirs)) >= len(mine)
                out.append(
                    {
                        "user": user,
                        "intruder": other,
                        "configuration": scorer.name,
                        "auc": auc(scores, labels),
                        "equal error rate": equal_error(*roc(scores, labels)),
                    }
                )
    return out


def _limit(cls: type[Scorer], own: Commands, known: Sequence[Commands], size: int) -> float:
    """Return the score below which nine in ten blocks of the learned part lie, each scored by the rest of it."""
    told: list[float] = []
    step = max(len(own) // FOLDS, size)
    for i in range(0, len(own), step):
        scorer = cls()
        scorer.fit([*own[:i], *own[i + step :]], known)
        told += [scorer.score(b) for b in blocks(own[i : i + step], size)]
    return float(np.quantile(told, ACCEPTED)) if told else 0.0


def _scored(
    scorer: Scorer, mine: Sequence[Commands], theirs: Sequence[Commands], limit: float
) -> tuple[list[float], list[float]]:
    """Return scores of the user's blocks and of the intruder's, which are spread evenly over the time of the user's."""
    own: list[float] = []
    foreign: list[float] = []
    done = 0
    for i, block in enumerate(mine):
        until = (i + 1) * len(theirs) // len(mine)
        foreign += [scorer.score(b) for b in theirs[done:until]]
        done = until
        own.append(scorer.score(block))
        if scorer.updates and own[-1] <= limit:
            scorer.learn(block)
    return own, foreign


def equal_error(wrong: Floats, right: Floats) -> float:
    """Return the rate at which as large a share of the user's blocks is refused as of the intruder's is let in."""
    missed = 1 - right
    at = int(np.argmin(np.abs(wrong - missed)))
    return float((wrong[at] + missed[at]) / 2)


def summed_up(lines: Sequence[Result]) -> list[Result]:
    """Return a line per user and scorer, and per scorer of all users: means over the intruders, and the worst."""
    out: list[Result] = []
    for user in (*dict.fromkeys(r["user"] for r in lines), "all"):
        for scorer in dict.fromkeys(r["configuration"] for r in lines):
            held = [r for r in lines if r["configuration"] == scorer and user in (r["user"], "all")]
            areas, rates = ([float(r[f]) for r in held] for f in ("auc", "equal error rate"))
            figures = {"auc": float(np.mean(areas)), "worst auc": min(areas), "equal error rate": float(np.mean(rates))}
            out.append({"left_out": user, "configuration": scorer, **figures})
    return out


def _protocol(size: int, *, half: bool = False) -> Protocol:
    def run(root: Path, seed: int, told: Told) -> list[Result]:
        """Evaluate the Purdue users; nothing is drawn by chance, so one seed says it all."""
        if seed:
            return []
        told(f"purdue, blocks of {size} commands")
        users = {user: commands[: len(commands) // 2] if half else commands for user, commands in read(root).items()}
        return [{"set": f"purdue, {size} commands", "seed": seed, **r} for r in summed_up(evaluate(users, size))]

    return run


PROTOCOLS: dict[str, Protocol] = {
    **{f"purdue-{size}": _protocol(size) for size in BLOCKS},
    "chosen": _protocol(50, half=True),
}
"""Name -> protocol, over blocks of so many commands; ``chosen`` is of the first halves of all users, by which the scorer was chosen."""
