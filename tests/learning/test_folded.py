from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array  # noqa: TID253

from vedette.learning.folded import Folded
from vedette.learning.newton import Problem, minimum


def solved(matrix: csr_array, target: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    free = np.full(matrix.shape[1] + 1, np.inf)
    return minimum(Problem(matrix, target, np.ones(len(target)), np.append(ridge, 0.0), -free, free), 200)


def test_the_smaller_problem_has_the_same_solution() -> None:
    rng = np.random.default_rng(1)
    common = (rng.random((40, 6)) < 0.5) * rng.normal(size=(40, 6))
    own = np.zeros((40, 60))
    own[rng.integers(0, 40, 60), np.arange(60)] = rng.normal(size=60)
    matrix = csr_array(np.hstack([common, own, np.zeros((40, 3))]))
    target = np.where(rng.random(40) < 0.5, 1.0, -1.0)
    ridge = rng.random(69) + 0.2
    small = Folded.of(matrix, ridge, np.zeros(69))
    assert small.matrix.shape[1] <= 6 + 40
    got = small.unfolded(solved(small.matrix, target, small.ridge)[:-1])
    np.testing.assert_allclose(got, solved(matrix, target, ridge)[:-1], atol=2e-3)
    assert not got[66:].any()


@pytest.mark.parametrize("sign", [0.0, 1.0])
def test_bounded_weights_stay_as_they_are(sign: float) -> None:
    matrix = csr_array(np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 1.0]]))
    small = Folded.of(matrix, np.ones(3), np.full(3, sign))
    assert small.matrix.shape == ((2, 3) if sign else (2, 2))
    whole = small.unfolded(np.arange(1.0, small.matrix.shape[1] + 1))
    margins = small.matrix @ np.arange(1.0, small.matrix.shape[1] + 1)
    np.testing.assert_allclose(matrix @ whole, margins)
