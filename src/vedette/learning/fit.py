"""Fits an additive model: logistic regression with a ridge penalty, whose bounds keep chosen weights from turning sign.

Deterministic: the same items in the same order give the same weights. Why bounds: a weight that may only raise the score cannot be used to
lower it (Incer et al., "Adversarially robust malware detection using monotonic classification", 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vedette.learning.folded import Folded
from vedette.learning.newton import STEPS, Problem, minimum
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


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Evidence of n items as one sparse matrix: the blocks side by side, without the slots that no item has.

    Attributes:
        matrix: (n, n_columns) float64.
        sizes: block name -> slots of its table, in the order of the columns.
        used: block name -> (its columns,) int64: which slot each column is.
    """

    matrix: csr_array
    sizes: Mapping[str, int]
    used: Mapping[str, npt.NDArray[np.int64]]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Design:
        """Return the design of some blocks."""
        matrix, used = design(blocks)
        names = [b.name for b in blocks]
        return cls(matrix, {b.name: b.slots for b in blocks}, dict(zip(names, used, strict=True)))

    def take(self, items: npt.NDArray[np.int64]) -> Design:
        """Return some of the items."""
        return Design(self.matrix[items], self.sizes, self.used)

    def keep(self, columns: npt.NDArray[np.bool_]) -> Design:
        """Return the design with some of its columns, (n_columns,) whether kept; the others weigh nothing."""
        used, at = {}, 0
        for name, slots in self.used.items():
            used[name], at = slots[columns[at : at + len(slots)]], at + len(slots)
        return Design(self.matrix[:, np.flatnonzero(columns)], self.sizes, used)

    def columns(self) -> list[tuple[str, int]]:
        """Return the block and the slot of each column."""
        return [(name, int(slot)) for name, slots in self.used.items() for slot in slots]

    def spread(self, of: Mapping[str, float], default: float) -> Floats:
        """Return (n_columns,): a number per block, for each of its columns."""
        return np.concatenate([np.full(len(u), of.get(n, default)) for n, u in self.used.items()])

    def weights(self, model: Additive) -> Floats:
        """Return (n_columns,): what a model gives each column."""
        return np.concatenate([model.weights[n][u] for n, u in self.used.items()]).astype(np.float64)

    def margins(self, model: Additive) -> Floats:
        """Return (n,): the items' margins; what a model says of slots that no item has does not matter."""
        found: Floats = self.matrix @ self.weights(model) + model.bias
        return found

    def solve(
        self,
        labels: npt.NDArray[np.bool_],
        weights: Floats | None = None,
        constraints: Mapping[str, Constraint] | None = None,
        iterations: int = STEPS,
    ) -> Additive:
        """Return the model of the items; see ``fit``."""
        held = constraints or {}
        ridge = self.spread({n: c.ridge for n, c in held.items()}, Constraint().ridge)
        sign = self.spread({n: float(c.sign) for n, c in held.items()}, 0.0)
        small = Folded.of(self.matrix, ridge, sign)
        problem = Problem(
            matrix=small.matrix,
            target=np.where(labels, 1.0, -1.0),
            item=np.ones(len(labels)) if weights is None else weights.astype(np.float64),
            ridge=np.append(small.ridge, 0.0),
            low=np.where(np.append(small.sign, 0.0) > 0, 0.0, -np.inf),
            high=np.where(np.append(small.sign, 0.0) < 0, 0.0, np.inf),
        )
        found = minimum(problem, iterations)
        return self._additive(np.append(small.unfolded(found[:-1]), found[-1]))

    def _additive(self, parameters: Floats) -> Additive:
        tables, at = {}, 0
        for name, slots in self.used.items():
            table = np.zeros(self.sizes[name], np.float32)
            table[slots], at = parameters[at : at + len(slots)], at + len(slots)
            tables[name] = table
        return Additive(float(parameters[-1]), tables)


def fit(
    blocks: Sequence[Block],
    labels: npt.NDArray[np.bool_],
    weights: Floats | None = None,
    constraints: Mapping[str, Constraint] | None = None,
    iterations: int = STEPS,
) -> Additive:
    """Return the model of n items.

    Args:
        blocks: the evidence of the items.
        labels: (n,) whether malicious.
        weights: (n,) how much each item counts; None: 1.
        constraints: block name -> how it is held; by default ridge 1, free.
        iterations: of the optimiser, at most.
    """
    return Design.of(blocks).solve(labels, weights, constraints, iterations)


def design(blocks: Sequence[Block]) -> tuple[csr_array, list[npt.NDArray[np.int64]]]:
    """Return the (n, n_used) matrix of all blocks side by side, without unused slots, and per block which slots its columns are."""
    from scipy.sparse import csr_array, hstack

    parts, used = [], []
    for block in blocks:
        present = np.bincount(block.slot, minlength=block.slots) > 0
        slots, column = np.flatnonzero(present), (np.cumsum(present) - 1).astype(np.int32)
        starts = block.starts.astype(
            np.int32 if len(block.slot) < 2**31 else np.int64
        )  # a copy: sum_duplicates writes into it
        entries = (block.values().astype(np.float64), column[block.slot], starts)
        part = csr_array(entries, shape=(len(block), len(slots)))
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
