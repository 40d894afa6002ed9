"""Minimises the loss of a logistic regression: Newton steps, each solved by conjugate gradients, that stay on their side of a bound.

A step needs products with the matrix of evidence alone, so a million weights are no matter. (Lin, Weng, Keerthi, "Trust region Newton
method for large-scale logistic regression", JMLR 2008; bounds: Bertsekas, "Projected Newton methods", SIAM J. Control 1982.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STEPS, INNER = 40, 60
"""Newton steps, and products of each, at most."""
ENOUGH = 1e-4
"""A step that lowers the loss by a smaller share is a small one."""
REPEATED = 2
"""So many small steps in a row are the end, where weights are held at bounds: a single one may only have let go of one."""
ROUNDS = 12
"""Times that weights may be stopped at their bounds within a step."""
_SHORTEST, _ARMIJO, _ROUNDING = 1e-6, 1e-4, 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Sum of ``item * log(1 + exp(-target * margin)) + ridge * weight**2 / 2`` over n items and their weights; the bias comes last.

    Attributes:
        matrix: (n, k) the evidence.
        target: (n,) 1 or -1.
        item: (n,) how much each item counts.
        ridge: (k + 1,) how much each weight is held back, and last the bias.
        low: (k + 1,) the least each may be, at most 0; ``high``: the most, at least 0.
    """

    matrix: csr_array
    target: Floats
    item: Floats
    ridge: Floats
    low: Floats
    high: Floats
    back: csr_array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "back", self.matrix.T.tocsr())

    def margins(self, x: Floats) -> Floats:
        """Return (n,): what the weights say of each item."""
        found: Floats = self.matrix @ x[:-1] + x[-1]
        return found

    def loss(self, x: Floats, margins: Floats) -> float:
        """Return the loss of weights with these margins."""
        return float(self.item @ np.logaddexp(0.0, -self.target * margins) + self.ridge @ (x * x) / 2)

    def pulled(self, by: Floats, x: Floats) -> Floats:
        """Return (k + 1,): what a force on each margin, and the ridge on ``x``, do to the weights."""
        return np.append(self.back @ by, by.sum()) + self.ridge * x


def minimum(problem: Problem, steps: int = STEPS) -> Floats:
    """Return (k + 1,): the weights and the bias after at most so many steps; the same for the same problem."""
    x = np.zeros(len(problem.ridge))
    margins = problem.margins(x)
    value, first, small = problem.loss(x, margins), 0.0, 0
    for _ in range(steps):
        doubt = 1.0 / (1.0 + np.exp(np.clip(problem.target * margins, -700.0, 700.0)))
        slope = problem.pulled(-problem.item * problem.target * doubt, x)
        free = ~(((x <= problem.low) & (slope > 0)) | ((x >= problem.high) & (slope < 0)))
        size = float(np.linalg.norm(slope[free]))
        first = first or size
        if not size:
            break
        curve = problem.item * doubt * (1.0 - doubt)
        step = _inside(problem, x, slope, curve, free, min(0.1, np.sqrt(size / first)))
        reach, shift, fall = 1.0, problem.margins(step), float(slope @ step)
        while (ahead := problem.loss(x + reach * step, margins + reach * shift)) > value + _ARMIJO * reach * fall:
            reach /= 2
            if reach < _SHORTEST:
                return x
        x, margins, gain, value = x + reach * step, margins + reach * shift, value - ahead, ahead
        small = small + 1 if gain < ENOUGH * value else 0
        if small and (free.all() or small == REPEATED):
            break
    return x


def _inside(problem: Problem, x: Floats, slope: Floats, curve: Floats, free: Bools, share: float) -> Floats:
    """Return the Newton step of the free weights; those that it would carry over a bound stop there, and the others think again."""
    step = np.zeros(len(x))
    for _ in range(ROUNDS):
        rest = slope + (problem.pulled(curve * problem.margins(step), step) if step.any() else 0.0)
        whole = step + _solved(problem, curve, free, np.where(free, -rest, 0.0), share)
        held = np.clip(x + whole, problem.low, problem.high) - x
        over = free & (np.abs(held - whole) > _ROUNDING)
        if not over.any():
            return whole
        free = free & ~over
        step = np.where(over, held, np.where(free, 0.0, step))
    return np.where(free, 0.0, step)


def _solved(problem: Problem, curve: Floats, free: Bools, wanted: Floats, share: float) -> Floats:
    """Return about the solution of the quadratic model over the free weights, to a share of the error at 0 (conjugate gradients)."""
    scale = np.where(problem.ridge > 0, problem.ridge, 1.0)
    x, rest = np.zeros(len(wanted)), wanted.copy()
    way = rest / scale
    norm = float(rest @ way)
    goal = share * share * norm
    for _ in range(INNER):
        if norm <= goal:
            break
        turned = np.where(free, problem.pulled(curve * problem.margins(way), way), 0.0)
        length = norm / float(way @ turned)
        x += length * way
        rest -= length * turned
        held = rest / scale
        before, norm = norm, float(rest @ held)
        way = held + (norm / before) * way
    return x
