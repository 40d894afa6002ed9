"""What gives rows a score: our own methods, plain ones beside them, and their combination.

The plain ones need ``scikit-learn`` (isolation forest) and ``lightgbm``, as nothing else in Vedette does: ``pip install vedette[peers]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vedette.errors import DataError
from vedette.learning.tabular.density import Density, Likelihood, place
from vedette.learning.tabular.table import Bools, Floats, Table

Scorer = Callable[[Table], Floats]
Maker = Callable[[Table, int], Scorer]
"""From rows with labels and a seed to a scorer: (n,) higher is worse."""
NEIGHBOUR = 3
"""The how manieth nearest normal row is measured."""
REMEMBERED = 6_000
"""Normal rows that are kept to compare with."""
TAIL = 0.02
"""The share of normal rows, the highest, beyond which scores are thought to fall off exponentially."""
BLOCK = 2_000
"""Rows whose distances are computed at a time."""
_FLOOR = 0.02
_FURTHEST = 10.0


def nearest(rows: Table, seed: int) -> Scorer:
    """Score by the distance to the third nearest normal row (Ramaswamy et al., SIGMOD 2000), every column from 0 to 1."""
    low, high = rows.numbers.min(0), rows.numbers.max(0)
    words = [np.unique(rows.words[:, j]) for j in range(rows.words.shape[1])]

    def plain(some: Table) -> npt.NDArray[np.float32]:
        numbers = np.clip((some.numbers - low) / np.maximum(high - low, 1e-9), -1, 2)
        same = [some.words[:, j][:, None] == w[None] for j, w in enumerate(words)]
        return np.concatenate([numbers, *same], axis=1).astype(np.float32)

    usual = np.random.default_rng(seed).permutation(np.flatnonzero(~rows.attack))[:REMEMBERED]
    kept = plain(rows.take(usual))
    which = min(NEIGHBOUR, len(kept)) - 1

    def score(some: Table) -> Floats:
        asked, found = plain(some), np.empty(len(some))
        for first in range(0, len(some), BLOCK):
            block = asked[first : first + BLOCK]
            squared = (kept * kept).sum(1)[None] - 2 * block @ kept.T + (block * block).sum(1)[:, None]
            found[first : first + BLOCK] = np.partition(squared, which, axis=1)[:, which]
        return np.log(np.sqrt(np.maximum(found, 0)) + _FLOOR)

    return score


def isolation_forest(rows: Table, seed: int) -> Scorer:
    """Score by an isolation forest of normal rows, as it comes (Liu et al., ICDM 2008)."""
    try:
        from sklearn.ensemble import IsolationForest
    except ImportError as error:
        raise _absent("scikit-learn") from error
    plain = _plain(rows)
    forest = IsolationForest(random_state=seed, n_jobs=1).fit(plain(rows.take(~rows.attack)))
    return lambda some: -np.asarray(forest.score_samples(plain(some)), np.float64)


def lightgbm(rows: Table, seed: int) -> Scorer:
    """Score by boosted trees, attacks against normal rows, untuned."""
    try:
        import lightgbm as library
    except ImportError as error:
        raise _absent("lightgbm") from error
    plain = _plain(rows)
    settings: dict[str, Any] = {"objective": "binary", "verbose": -1, "num_threads": 1, "seed": seed}
    drawn = {"bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.8}
    trees = library.train({**settings, **drawn}, library.Dataset(plain(rows), rows.attack.astype(np.float64)))
    return lambda some: np.asarray(trees.predict(plain(some), raw_score=True), np.float64)


MAKERS: Mapping[str, Maker] = {
    "isolation forest": isolation_forest,
    "LightGBM": lightgbm,
    "density": Density.of,
    "likelihood": Likelihood.of,
    "nearest": nearest,
}
"""What is computed. The first two are the plain ones."""
COMBINED: Mapping[str, Sequence[str]] = {
    **{name: (name,) for name in MAKERS},
    "unlike normal": ("density", "nearest"),
    "supervised": ("LightGBM", "likelihood"),
    "trees and unlike": ("LightGBM", "density", "nearest"),
    "all": ("LightGBM", "likelihood", "density", "nearest"),
}
"""Configurations: whose tails are added up."""
AGREED: Mapping[str, Sequence[str]] = {"both agree": ("LightGBM", "nearest")}
"""Configurations that take the least of the tails: what is new and normal is unlike normal rows, but not like attacks. Prototypes of
some had been asked about test data before: ``docs/reference/flow-tables.md`` says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """How rare a score is among normal rows that the scorer was not trained on.

    Attributes:
        usual: (n,) their scores, ascending.
    """

    usual: Floats

    @classmethod
    def of(cls, scores: Floats) -> Tail:
        """Return the tail of scores of normal rows."""
        return cls(np.sort(scores))

    def __call__(self, scores: Floats) -> Floats:
        """Return (n,) nats: minus the logarithm of the share of normal rows that score so high; beyond most of them, extrapolated."""
        count = len(self.usual)
        share = (count - np.searchsorted(self.usual, scores, side="left") + 0.5) / (count + 1)
        edge = self.usual[int((1 - TAIL) * count)]
        over = self.usual[self.usual > edge] - edge
        scale = max(float(over.mean()) if len(over) else 0.0, 1e-9)
        beyond = -np.log(TAIL) + np.minimum((scores - edge) / scale, _FURTHEST)
        return np.where(scores > edge, beyond, -np.log(share))


def combined(scores: Mapping[str, Floats], tails: Mapping[str, Tail]) -> dict[str, Floats]:
    """Return every configuration whose parts there are: one scorer as it is, or the sum or the least of the nats of its parts."""
    nats = {name: tails[name](found) for name, found in scores.items()}
    summed = {
        name: np.sum([nats[p] for p in parts], axis=0) if len(parts) > 1 else scores[name]
        for name, parts in COMBINED.items()
        if all(p in nats for p in parts)
    }
    least = {
        name: np.min([nats[p] for p in parts], axis=0)
        for name, parts in AGREED.items()
        if all(p in nats for p in parts)
    }
    return summed | least


def recall_by_kind(scores: Floats, kinds: npt.NDArray[np.str_], attack: Bools, threshold: float) -> dict[str, float]:
    """Return how much of every kind of attack is above the threshold."""
    return {k: float((scores[kinds == k] > threshold).mean()) for k in sorted(set(kinds[attack].tolist()))}


def _plain(rows: Table) -> Callable[[Table], Floats]:
    """Return a function from rows to a matrix for trees: numbers, and the places of words in the rows trained on."""
    words = [np.unique(rows.words[:, j]) for j in range(rows.words.shape[1])]
    return lambda some: np.column_stack(
        [some.numbers, *(place(some.words[:, j], w).astype(np.float64) for j, w in enumerate(words))]
    )


def _absent(library: str) -> DataError:
    return DataError(f"{library} is not here: the plain methods need it", hint="pip install 'vedette[peers]'")
