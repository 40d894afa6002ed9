"""Fits an additive model: logistic regression with a ridge penalty, by L-BFGS-B, whose bounds keep chosen weights from turning sign.

Deterministic: the same items in the same order give the same weights. (Byrd, Lu, Nocedal, Zhu, "A limited memory algorithm for bound
constrained optimization", 1995. Why bounds: a weight that may only raise the score cannot be used to lower it; Incer et al., "Adversarially
robust malware detection using monotonic classification", 2018.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vedette.scoring.additive import Additive, Block

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Constraint:
    """How the weights of one block are held.

    Attributes:
        ridge: strength of the penalty on squared weights, relative to one item of weight 1.
        sign: +1: no weight below zero; -1: none above; 0: free.
    """

    ridge: float = 1.0
    sign: int = 0


def fit(
    blocks: Sequence[Block],
    labels: npt.NDArray[np.bool_],
    weights: Floats | None = None,
    constraints: Mapping[str, Constraint] | None = None,
    iterations: int = 200,
) -> Additive:
    """Return the model of n items.

    Args:
        blocks: the evidence of the items.
        labels: (n,) whether malicious.
        weights: (n,) how much each item counts; None: 1.
        constraints: block name -> how it is held; by default ridge 1, free.
        iterations: of the optimiser, at most.
    """
    from scipy.optimize import minimize

    held = constraints or {}
    matrix, used = design(blocks)
    target = np.where(labels, 1.0, -1.0)
    item = np.ones(len(target)) if weights is None else weights.astype(np.float64)
    ridge = np.concatenate(
        [np.full(len(u), held.get(b.name, Constraint()).ridge) for b, u in zip(blocks, used, strict=True)]
    )
    back = matrix.T.tocsr()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        w, bias = parameters[:-1], parameters[-1]
        margin = target * (matrix @ w + bias)
        value = float(item @ np.logaddexp(0.0, -margin)) + float(ridge @ (w * w)) / 2
        pull = -item * target / (1.0 + np.exp(np.clip(margin, -700.0, 700.0)))
        return value, np.append(back @ pull + ridge * w, pull.sum())

    limits = {0: (None, None), 1: (0.0, None), -1: (None, 0.0)}
    bounds = [limits[held.get(b.name, Constraint()).sign] for b, u in zip(blocks, used, strict=True) for _ in u]
    start = np.zeros(matrix.shape[1] + 1)
    options = {"maxiter": iterations, "maxcor": 10, "ftol": 1e-7, "gtol": 1e-5 * item.sum()}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)], options=options)
    tables, at = {}, 0
    for block, slots in zip(blocks, used, strict=True):
        table = np.zeros(block.slots, np.float32)
        table[slots] = found.x[at : at + len(slots)]
        tables[block.name], at = table, at + len(slots)
    return Additive(float(found.x[-1]), tables)


def design(blocks: Sequence[Block]) -> tuple[csr_array, list[npt.NDArray[np.int64]]]:
    """Return the (n, n_used) matrix of all blocks side by side, without unused slots, and per block which slots its columns are."""
    from scipy.sparse import csr_array, hstack

    parts, used = [], []
    for block in blocks:
        slots, column = np.unique(block.slot, return_inverse=True)
        part = csr_array(
            (block.values().astype(np.float64), column.ravel(), block.starts), shape=(len(block), len(slots))
        )
        part.sum_duplicates()
        parts.append(part)
        used.append(slots.astype(np.int64))
    return hstack(parts, format="csr"), used


def stacked(batches: Sequence[Sequence[Block]]) -> list[Block]:
    """Return the blocks of several batches of items as one batch."""
    return [_stack([batch[k] for batch in batches]) for k in range(len(batches[0]))]


def _stack(parts: Sequence[Block]) -> Block:
    first = parts[0]
    sizes = np.concatenate([np.diff(p.starts) for p in parts])
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    plain = all(p.value is None and p.scale is None for p in parts)
    value = None if plain else np.concatenate([p.values() for p in parts])
    return Block(first.name, first.slots, starts, np.concatenate([p.slot for p in parts]), value)


def taken(block: Block, items: npt.NDArray[np.int64]) -> Block:
    """Return the block of some of its items, in the order of ``items``."""
    sizes = np.diff(block.starts)[items]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    entry = np.arange(starts[-1]) + np.repeat(block.starts[:-1][items] - starts[:-1], sizes)
    value = None if block.value is None and block.scale is None else block.values()[entry]
    return Block(block.name, block.slots, starts, block.slot[entry], value)
