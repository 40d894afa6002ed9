"""How rare a score is among normal sequences of about the same length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vedette.learning.sequences.traces import Floats, Places

NEIGHBOURS = 150
"""Normal sequences, nearest in length, that a score is compared with; of fewer in all, all."""
_FURTHEST = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Rarity:
    """The scores of normal sequences that the scorer was not fitted to.

    Attributes:
        sizes: (n,) their lengths, ascending.
        scores: (n,).
    """

    sizes: Places
    scores: Floats

    @classmethod
    def of(cls, scores: Floats, sizes: Places) -> Rarity:
        """Return the rarity among these."""
        order = np.argsort(sizes, kind="stable")
        return cls(sizes[order], scores[order])

    def __call__(self, scores: Floats, sizes: Places) -> Floats:
        """Return (n,) nats: minus the logarithm of the share of the neighbours that score so high; beyond all of them, extrapolated."""
        count = len(self.sizes)
        wide = min(NEIGHBOURS, count)
        centre = (np.searchsorted(self.sizes, sizes, "left") + np.searchsorted(self.sizes, sizes, "right")) // 2
        first = np.clip(centre - wide // 2, 0, count - wide)
        starts, where = np.unique(first, return_inverse=True)
        found = np.empty(len(scores))
        for k, start in enumerate(starts.tolist()):  # as many windows as there are normal sequences at the most
            rows = where == k
            found[rows] = _nats(np.sort(self.scores[start : start + wide]), scores[rows])
        return found


def _nats(usual: Floats, scores: Floats) -> Floats:
    count = len(usual)
    above = count - np.searchsorted(usual, scores, side="left")
    upper = usual[count // 2 :]
    scale = max(float((upper - upper[0]).mean()), 1e-9)
    beyond = np.clip((scores - usual[-1]) / scale, 0.0, _FURTHEST)
    return np.asarray(-np.log((above + 0.5) / (count + 1)) + beyond, np.float64)
