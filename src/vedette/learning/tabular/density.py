"""How likely a row is: a tree of columns, each given one other.

Chow and Liu, "Approximating discrete probability distributions with dependence trees", IEEE Trans. Information Theory, 1968.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vedette.learning.tabular.table import Floats, Places, Table

BINS = 16
"""Of a number, by quantiles of normal rows and by those of attacks; a value that stands alone has a bin of its own."""
SMOOTHING = 5.0
"""Rows that each condition is thought to have seen beside its own, spread as the column is everywhere."""
MOST = 8.0
"""Nats that one column may say, either way."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """How numbers and words become cells.

    Attributes:
        edges: per number, ascending bounds between bins.
        words: per column of words, those known, in order of text; cell 0 is for all others.
    """

    edges: list[Floats]
    words: list[npt.NDArray[np.str_]]

    @classmethod
    def of(cls, rows: Table, seed: int) -> Cells:
        """Return cells for ``rows``; ``seed`` moves the bounds."""
        at = np.linspace(0, 1, BINS + 1)[1:-1]
        shift = np.random.default_rng(seed).uniform(-0.5, 0.5, len(at)) / BINS
        groups = [part for part in (rows.numbers[~rows.attack], rows.numbers[rows.attack]) if len(part)]
        edges = [
            _between(rows.numbers[:, j], np.concatenate([np.quantile(g[:, j], at + shift) for g in groups]))
            for j in range(rows.numbers.shape[1])
        ]
        return cls(edges, [np.unique(rows.words[:, j]) for j in range(rows.words.shape[1])])

    @property
    def sizes(self) -> list[int]:
        """How many cells each column has."""
        return [len(e) + 1 for e in self.edges] + [len(w) + 1 for w in self.words]

    def __call__(self, rows: Table) -> Places:
        """Return (n, d + c): the cell of every value."""
        numbers = [np.searchsorted(e, rows.numbers[:, j], side="right") for j, e in enumerate(self.edges)]
        return np.stack([*numbers, *(place(rows.words[:, j], w) for j, w in enumerate(self.words))], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Log-probabilities of cells.

    Attributes:
        parent: (columns,) the column that each depends on; -1: none.
        tables: per column (cells,) or (cells of the parent, cells).
    """

    parent: Places
    tables: list[Floats]

    @classmethod
    def of(cls, cells: Places, sizes: list[int], weight: Floats) -> Tree:
        """Return the tree of greatest likelihood over ``cells`` (n, columns) with ``weight`` (n,)."""
        total = weight.sum()
        alone = [(np.bincount(cells[:, j], weight, k) + 0.5) / (total + 0.5 * k) for j, k in enumerate(sizes)]
        parent = _parents(cells, sizes, weight)
        tables = [np.log(p) for p in alone]
        for j in np.flatnonzero(parent >= 0).tolist():
            both = _joint(cells, sizes, weight, int(parent[j]), j)
            tables[j] = np.log((both + SMOOTHING * alone[j]) / (both.sum(1, keepdims=True) + SMOOTHING))
        return cls(parent, tables)

    def terms(self, cells: Places) -> Floats:
        """Return (n, columns): what each column adds to the log-probability of a row."""
        return np.stack(
            [
                t[cells[:, j]] if p < 0 else t[cells[:, p], cells[:, j]]
                for j, (p, t) in enumerate(zip(self.parent, self.tables, strict=True))
            ],
            axis=1,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How unlike normal rows a row is: column by column, how much likelier by chance than among normal rows, in nats, added up."""

    cells: Cells
    normal: Tree

    @classmethod
    def of(cls, rows: Table, seed: int) -> Density:
        """Return what the normal rows of ``rows`` teach; its attacks lend bounds of bins alone."""
        cells = Cells.of(rows, seed)
        usual = cells(rows.take(~rows.attack))
        return cls(cells, Tree.of(usual, cells.sizes, np.ones(len(usual))))

    def __call__(self, rows: Table) -> Floats:
        """Return (n,) nats."""
        chance = -np.log(np.array(self.cells.sizes, np.float64))
        found: Floats = np.clip(chance - self.normal.terms(self.cells(rows)), -MOST, MOST).sum(1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """How much likelier a row is among attacks than among normal rows, every kind of attack of the same weight, in nats."""

    cells: Cells
    normal: Tree
    attack: Tree

    @classmethod
    def of(cls, rows: Table, seed: int) -> Likelihood:
        """Return what normal rows and attacks teach."""
        cells = Cells.of(rows, seed)
        usual, bad = cells(rows.take(~rows.attack)), rows.take(rows.attack)
        return cls(
            cells,
            Tree.of(usual, cells.sizes, np.ones(len(usual))),
            Tree.of(cells(bad), cells.sizes, even(bad.kind)),
        )

    def __call__(self, rows: Table) -> Floats:
        """Return (n,) nats."""
        cells = self.cells(rows)
        found: Floats = np.clip(self.attack.terms(cells) - self.normal.terms(cells), -MOST, MOST).sum(1)
        return found


def even(kinds: npt.NDArray[np.str_]) -> Floats:
    """Return (n,) weights of mean 1 that make every kind count the same."""
    _, at, count = np.unique(kinds, return_inverse=True, return_counts=True)
    return np.asarray(len(kinds) / len(count) / count[at], np.float64)


def place(values: npt.NDArray[np.str_], known: npt.NDArray[np.str_]) -> Places:
    """Return (n,) 1 + the place of each value among ``known`` (ascending); 0: not known."""
    at = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[at] == values, at + 1, 0)


def _between(values: Floats, wanted: Floats) -> Floats:
    """Return bounds in the middle between neighbouring values, next above the wanted places."""
    distinct = np.unique(values)
    above = np.unique(np.searchsorted(distinct, wanted, side="right"))
    above = above[(above > 0) & (above < len(distinct))]
    return np.asarray((distinct[above - 1] + distinct[above]) / 2, np.float64)


def _joint(cells: Places, sizes: list[int], weight: Floats, i: int, j: int) -> Floats:
    flat = np.bincount(cells[:, i] * sizes[j] + cells[:, j], weight, sizes[i] * sizes[j])
    return np.asarray(flat.reshape(sizes[i], sizes[j]), np.float64)


def _parents(cells: Places, sizes: list[int], weight: Floats) -> Places:
    """Return the parent of each column in the spanning tree of greatest mutual information, rooted at the first."""
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    shared = np.zeros((len(sizes), len(sizes)))
    for i in range(len(sizes)):  # a loop over pairs of columns
        for j in range(i):
            both = _joint(cells, sizes, weight, i, j) / weight.sum()
            apart, some = both.sum(1, keepdims=True) * both.sum(0), both > 0
            nats = float((both[some] * np.log(both[some] / apart[some])).sum())
            chance = (sizes[i] - 1) * (sizes[j] - 1) / (4 * len(cells))
            shared[i, j] = max(
                nats - chance, 1e-6
            )  # never so little that the two are not joined: below 1e-8 there is no edge
    tree = minimum_spanning_tree(-shared)
    _, parent = breadth_first_order(tree + tree.T, 0, directed=False)
    return np.where(parent >= 0, parent, -1).astype(np.int64)
