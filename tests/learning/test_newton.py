from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize  # noqa: TID253 - a peer to compare with
from scipy.sparse import csr_array  # noqa: TID253

from vedette.learning.newton import Floats, Problem, minimum


def made(seed: int, *, low: float = -np.inf, high: float = np.inf, ridge: float = 1.0) -> Problem:
    rng = np.random.default_rng(seed)
    matrix = csr_array((rng.random((200, 15)) < 0.3) * rng.normal(size=(200, 15)))
    target = np.where(matrix @ rng.normal(size=15) + rng.normal(size=200) > 0.5, 1.0, -1.0)
    each = [np.append(np.full(15, v), last) for v, last in ((ridge, 0.0), (low, -np.inf), (high, np.inf))]
    return Problem(matrix, target, rng.random(200) + 0.5, *each)


@pytest.mark.parametrize("bounds", [(-np.inf, np.inf), (0.0, np.inf), (-np.inf, 0.0)])
@pytest.mark.parametrize("ridge", [0.01, 1.0, 30.0])
def test_it_finds_what_another_optimiser_finds(bounds: tuple[float, float], ridge: float) -> None:
    p = made(3, low=bounds[0], high=bounds[1], ridge=ridge)

    def loss(x: Floats) -> float:
        margin = p.target * (p.matrix @ x[:-1] + x[-1])
        return float(p.item @ np.logaddexp(0.0, -margin) + p.ridge @ (x**2) / 2)

    peer = minimize(
        loss,
        np.zeros(16),
        method="L-BFGS-B",
        bounds=[*[bounds] * 15, (None, None)],
        options={"maxiter": 5000, "maxfun": 10**6},
    )
    got = minimum(p)
    assert loss(got) <= peer.fun * (1 + 1e-4)
    np.testing.assert_allclose(got, peer.x, atol=0.05)
    assert (got[:-1] >= bounds[0]).all()
    assert (got[:-1] <= bounds[1]).all()


def test_the_same_problem_has_the_same_answer() -> None:
    assert minimum(made(5)).tobytes() == minimum(made(5)).tobytes()


def test_what_can_be_separated_ends_because_of_the_ridge() -> None:
    matrix = csr_array(np.array([[1.0], [1.0], [-1.0], [-1.0]]))
    free = np.full(2, np.inf)
    got = minimum(Problem(matrix, np.array([1.0, 1, -1, -1]), np.ones(4), np.array([1.0, 0.0]), -free, free))
    assert 0.5 < got[0] < 3
    assert abs(got[1]) < 1e-6


def test_no_evidence_leaves_the_bias_alone() -> None:
    free = np.array([np.inf])
    got = minimum(Problem(csr_array((4, 0)), np.array([1.0, 1, 1, -1]), np.ones(4), np.zeros(1), -free, free))
    assert got[-1] == pytest.approx(np.log(3), abs=0.01)
