"""How strange a block of commands is for a user: the plain ways, and habits as commands and pairs of them against other users.

A scorer learns a user's commands and those of others who are known, and says of a block how unlike the user it is: higher is stranger. One
that updates learns each block that it takes for the user's own.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

Commands = Sequence[str]


class Scorer(ABC):
    """Tells a user's blocks from others'."""

    name: str
    updates: bool = False

    @abstractmethod
    def fit(self, own: Commands, others: Sequence[Commands]) -> None:
        """Learn a user's commands, and those of others who are known."""

    @abstractmethod
    def score(self, block: Commands) -> float:
        """Return how unlike the user a block is, per command."""

    def learn(self, block: Commands) -> None:  # noqa: B027 - most have nothing to do
        """Take a block for the user's own."""


class Unseen(Scorer):
    """Plain look-up: the share of commands that the user never used before."""

    name = "unseen commands"

    def fit(self, own: Commands, others: Sequence[Commands]) -> None:
        self._seen = set(own)

    def score(self, block: Commands) -> float:
        return sum(c not in self._seen for c in block) / len(block)


class UnseenPairs(Scorer):
    """Plain look-up: the share of pairs of commands, one after the other, that the user never used before."""

    name = "unseen pairs"

    def fit(self, own: Commands, others: Sequence[Commands]) -> None:
        self._had = set(pairwise(own))

    def score(self, block: Commands) -> float:
        return sum(p not in self._had for p in pairwise(block)) / max(len(block) - 1, 1)


class Bayes(Scorer):
    """Plain multinomial naive Bayes, self against the others known (Maxion and Townsend, DSN 2002; their pseudo-count of 0.01)."""

    name = "multinomial naive Bayes"
    pseudo = 0.01

    def fit(self, own: Commands, others: Sequence[Commands]) -> None:
        self._own = Counter(own)
        self._rest = Counter(c for commands in others for c in commands)
        self._words = len(self._own.keys() | self._rest.keys()) + 1
        self._sums = (self._own.total(), self._rest.total())

    def score(self, block: Commands) -> float:
        low = (n + self.pseudo * self._words for n in self._sums)
        own, rest = map(math.log, low)
        told = (
            math.log(self._rest[c] + self.pseudo) - rest - math.log(self._own[c] + self.pseudo) + own for c in block
        )
        return sum(told) / len(block)


class UpdatingBayes(Bayes):
    """The same, learning each block that it takes for the user's own."""

    name = "multinomial naive Bayes, updating"
    updates = True

    def learn(self, block: Commands) -> None:
        self._words += sum(c not in self._own and c not in self._rest for c in set(block))
        self._own.update(block)
        self._sums = (self._own.total(), self._sums[1])


class Habits(UpdatingBayes):
    """Habits: the same over commands and over pairs of commands, one after the other; each counts alike.

    Pairs tell how somebody works (``latex`` after ``vi``), not only with what.
    """

    name = "habits: commands and pairs, updating"

    def __init__(self) -> None:
        self._pairs = UpdatingBayes()

    def fit(self, own: Commands, others: Sequence[Commands]) -> None:
        super().fit(own, others)
        self._pairs.fit(_pairs(own), [_pairs(c) for c in others])

    def score(self, block: Commands) -> float:
        pairs = _pairs(block)
        return super().score(block) + (self._pairs.score(pairs) if pairs else 0.0)

    def learn(self, block: Commands) -> None:
        super().learn(block)
        self._pairs.learn(_pairs(block))


def _pairs(commands: Commands) -> list[str]:
    return [f"{a}\n{b}" for a, b in pairwise(commands)]


SCORERS: tuple[type[Scorer], ...] = (Unseen, UnseenPairs, Bayes, UpdatingBayes, Habits)
