from __future__ import annotations

import numpy as np
import pytest
from tests.learning.tabular.made import made

from vedette.learning.measures import auc
from vedette.learning.tabular.density import Cells, Density, Likelihood, Tree, even, place
from vedette.learning.tabular.table import Table


def test_a_tree_knows_what_goes_together() -> None:
    rng = np.random.default_rng(1)
    a = rng.integers(0, 4, 4000)
    cells = np.column_stack([a, rng.integers(0, 4, 4000), a])
    tree = Tree.of(cells, [4, 4, 4], np.ones(4000))
    together, apart = (tree.terms(np.array([[1, 2, c]])).sum() for c in (1, 3))
    assert together == pytest.approx(2 * np.log(1 / 4), abs=0.1)
    assert apart < together - 5
    assert tree.parent.tolist().count(-1) == 1


def test_probabilities_add_up_to_one() -> None:
    tree = Tree.of(np.array([[0, 1], [1, 0], [1, 1]]), [2, 3], np.ones(3))
    every = np.array([[i, j] for i in range(2) for j in range(3)])
    assert np.exp(tree.terms(every).sum(1)).sum() == pytest.approx(1.0)


def test_density_finds_what_lies_off_the_line_without_having_seen_it() -> None:
    rows, other = made(), made(seed=1)
    found = Density.of(rows.take(~rows.attack), 0)(other)
    assert auc(found, other.attack) > 0.9


def test_the_tree_is_better_than_columns_by_themselves() -> None:
    rows, other = made(), made(seed=1)
    density = Density.of(rows, 0)
    alone = Tree(np.full(len(density.normal.tables), -1), [_marginal(density.cells, rows, j) for j in range(4)])
    plain = -alone.terms(density.cells(other)).sum(1)
    assert auc(density(other), other.attack) > auc(plain, other.attack) + 0.05


def _marginal(cells: Cells, rows: Table, j: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    count = np.bincount(cells(rows.take(~rows.attack))[:, j], minlength=cells.sizes[j]) + 0.5
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = np.log(count / count.sum())
    return found


def test_likelihood_knows_attacks() -> None:
    rows, other = made(), made(seed=1)
    assert auc(Likelihood.of(rows, 0)(other), other.attack) > 0.95


def test_kinds_weigh_the_same() -> None:
    assert even(np.array(["a", "a", "a", "b"])).tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_unknown_words_have_a_place_of_their_own() -> None:
    assert place(np.array(["b", "z", "a"]), np.array(["a", "b"])).tolist() == [2, 0, 1]
