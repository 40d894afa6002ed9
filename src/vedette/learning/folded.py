"""A smaller problem with the same solution: pieces that one item alone has act as one piece.

In text, most pieces occur once. All such pieces of an item pull at its margin alone, so their weights stand in fixed proportion; one column
of the right length takes their place, and its weight is shared out afterwards. Pieces that no item has weigh nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """The smaller problem.

    Attributes:
        matrix: (n, m) evidence: the columns that are kept, then one for each item with pieces of its own.
        ridge: (m,) of its columns; ``sign``: (m,) likewise.
        size: k, the columns of the larger problem.
        kept: (m0,) which of them are kept.
        alone: (j,) which of them one item alone has; ``column``: (j,) by which they are replaced; ``share``: (j,) of its weight.
    """

    matrix: csr_array
    ridge: Floats
    sign: Floats
    size: int
    kept: Places
    alone: Places
    column: Places
    share: Floats

    @classmethod
    def of(cls, matrix: csr_array, ridge: Floats, sign: Floats) -> Folded:
        """Return the smaller problem of (n, k) evidence and its (k,) ridges and signs; bounded weights stay as they are."""
        from scipy.sparse import csr_array, hstack

        n, size = matrix.shape
        many = np.bincount(matrix.indices, minlength=size)
        single = (many == 1) & (sign == 0) & (ridge > 0)
        entry = single[matrix.indices]
        row = np.repeat(np.arange(n), np.diff(matrix.indptr))[entry]
        alone, value = matrix.indices[entry].astype(np.int64), matrix.data[entry]
        length = np.sqrt(np.bincount(row, value * value / ridge[alone], minlength=n))
        owners = np.flatnonzero(length)
        place = np.zeros(n, np.int64)
        place[owners] = np.arange(len(owners))
        kept = np.flatnonzero((many > 0) & ~single)
        own = csr_array((length[owners], (owners, np.arange(len(owners)))), shape=(n, len(owners)))
        return cls(
            matrix=hstack([matrix[:, kept], own], format="csr"),
            ridge=np.append(ridge[kept], np.ones(len(owners))),
            sign=np.append(sign[kept], np.zeros(len(owners))),
            size=size,
            kept=kept,
            alone=alone,
            column=len(kept) + place[row],
            share=np.divide(value, ridge[alone] * length[row], out=np.zeros(len(row)), where=length[row] > 0),
        )

    def unfolded(self, weights: Floats) -> Floats:
        """Return (k,) the weights of the larger problem, of (m,) those of the smaller."""
        out = np.zeros(self.size)
        out[self.kept] = weights[: len(self.kept)]
        out[self.alone] = self.share * weights[self.column] if len(weights) > len(self.kept) else 0.0
        return out
