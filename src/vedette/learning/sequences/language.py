"""A language model of events: how surprising each is after those before it.

Interpolated n-grams (Jelinek, Mercer, 1980) with the weights of Witten and Bell (*The zero-frequency problem*, IEEE Transactions on
Information Theory, 1991, method C), in columns: an n-gram is a 64-bit hash, a table of counts is two sorted arrays. An event that never
followed its context costs by how often that context was followed by something new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vedette.learning.sequences.traces import Bools, Floats, Places, Traces

Hashes = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """How often each key was seen.

    Attributes:
        keys: (m,) ascending, each once.
        count: (m,).
    """

    keys: Hashes
    count: Places

    @classmethod
    def of(cls, keys: Hashes) -> Table:
        """Return the table of keys, each as often as it was seen."""
        found, count = np.unique(keys, return_counts=True)
        return cls(found, count.astype(np.int64))

    def __call__(self, keys: Hashes) -> Places:
        """Return (n,) how often each key was seen."""
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.count[at], 0)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A model of sequences.

    Attributes:
        orders: of each length of n-gram, from 1: counts of n-grams, of their contexts, and of what kinds of events followed those.
        vocabulary: how many kinds of events there may be.
    """

    orders: tuple[tuple[Table, Table, Table], ...]
    vocabulary: int

    @classmethod
    def fit(cls, traces: Traces, order: int, vocabulary: int) -> Language:
        """Return the model of sequences, with n-grams up to ``order``."""
        found = []
        for grams, contexts, whole in _orders(traces, order):
            seen = grams[whole]
            _, first = np.unique(seen, return_index=True)
            before = contexts[whole]
            found.append((Table.of(seen), Table.of(before), Table.of(before[first])))
        return cls(tuple(found), vocabulary)

    def surprise(self, traces: Traces) -> Floats:
        """Return (n_events,) nats: minus the logarithm of the probability of each event after those before it.

        Example:
            >>> usual = Traces.of([[1, 2, 3, 1, 2, 3]] * 5, ["normal"] * 5, ["train"] * 5)
            >>> asked = Traces.of([[1, 2, 1]], ["attack"], ["test"])
            >>> Language.fit(usual, 3, 4).surprise(asked).round(1).tolist()
            [1.1, 0.1, 5.9]
        """
        chance = np.full(len(traces.events), 1.0 / self.vocabulary)
        orders = zip(self.orders, _orders(traces, len(self.orders)), strict=True)
        for (seen, before, kinds), (grams, contexts, whole) in orders:
            total, types = before(contexts), kinds(contexts)
            known = whole & (total > 0)
            better = (seen(grams) + types * chance) / np.maximum(total + types, 1)
            chance = np.where(known, better, chance)
        return np.asarray(-np.log(chance), np.float64)


def unseen(train: Traces, asked: Traces, order: int) -> Bools:
    """Return (n_events,) whether the n-gram that ends at each event was never seen in ``train``; False where a sequence is too young."""
    (grams, _, whole) = _orders(train, order)[-1]
    (others, _, young) = _orders(asked, order)[-1]
    return np.asarray(young & (Table.of(grams[whole])(others) == 0), np.bool_)


def _orders(traces: Traces, order: int) -> list[tuple[Hashes, Hashes, Bools]]:
    """Return, of each length, the hashes of the n-grams that end at each event, of their contexts, and whether there is a whole one."""
    events, place = traces.events.astype(np.uint64), traces.place
    grams = _mixed(events + np.uint64(1))
    found = [(grams, np.zeros(len(events), np.uint64), np.ones(len(events), np.bool_))]
    for n in range(2, order + 1):
        contexts = np.concatenate([np.zeros(1, np.uint64), grams[:-1]])
        grams = _mixed(contexts * _GOLDEN + events + np.uint64(n))
        found.append((grams, contexts, place >= n - 1))
    return found


def _mixed(values: Hashes) -> Hashes:
    """Return hashes of numbers (the finaliser of splitmix64: Steele, Lea, Flood, OOPSLA 2014)."""
    mixed = values ^ (values >> np.uint64(30))
    mixed = mixed * _MIX[0]
    mixed = mixed ^ (mixed >> np.uint64(27))
    mixed = mixed * _MIX[1]
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)
