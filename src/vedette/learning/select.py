"""Stability selection: a piece is kept where models of different parts of the data agree on what it says.

A piece that speaks for malice in one corpus and against it in another says something about the corpora. (Meinshausen, Buehlmann,
"Stability selection", JRSS B, 2010; complementary halves: Shah, Samworth, "Variable selection with error control", JRSS B, 2013.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from vedette.learning.fit import Constraint, Design
from vedette.learning.gather import Bools, Floats
from vedette.learning.recipe import Stable
from vedette.learning.split import Places, folds, parts

PAIRS = 3
"""Pairs of complementary halves, where selection is by groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Which columns of a design are kept, and why.

    Attributes:
        kept: (n_columns,) whether.
        agreement: (n_columns,) the share of fits in which the weight has its commoner sign.
        items: (n_columns,) in how many items the piece occurs.
        fits: how many fits there were.
        blocks: name, first column, and (its columns,) the slot of each, of every block.
    """

    kept: Bools
    agreement: Floats
    items: Places
    fits: int
    blocks: list[tuple[str, int, Places]]


def chosen(
    wanted: Stable,
    design: Design,
    samples: Iterable[Places],
    labels: Bools,
    weight: Floats,
    held: Mapping[str, Constraint],
) -> Choice:
    """Return which columns of ``design`` are kept.

    Args:
        wanted: how much agreement, in how many items, in which blocks (none named: in all).
        design: the evidence of n items.
        samples: the items of each fit; one with a single label is passed over.
        labels: (n,) whether malicious.
        weight: (n,) how much each item counts.
        held: how the weights of each block are held.
    """
    n = design.matrix.shape[1]
    positive, negative, fits = np.zeros(n), np.zeros(n), 0
    for some in samples if wanted.stable > 0 else ():  # no agreement is asked for, so none is measured
        if labels[some].all() or not labels[some].any():
            continue
        part = design.take(some)
        found = part.weights(part.solve(labels[some], weight[some], held))
        positive, negative, fits = positive + (found > 0), negative + (found < 0), fits + 1
    agreement = np.maximum(positive, negative) / max(fits, 1)
    items = np.bincount(design.matrix.indices, minlength=n)
    free = design.spread(dict.fromkeys(wanted.blocks, 0.0), 1.0 if wanted.blocks else 0.0) > 0
    blocks, at = [], 0
    for name, slots in design.used.items():
        blocks.append((name, at, slots))
        at += len(slots)
    kept = free | ((agreement >= wanted.stable) & (items >= wanted.least))
    return Choice(kept, agreement, items, fits, blocks)


def subsamples(wanted: Stable, known: pl.DataFrame, seed: int) -> Iterator[Places]:
    """Yield items: halves of the groups, or all but those of each value of a column."""
    if wanted.by == "@group":
        for k in range(PAIRS):
            half = folds(known["@group"], 2, seed + 7919 * (k + 1))
            yield from (np.flatnonzero(half == 0), np.flatnonzero(half == 1))
        return
    names, place = parts(known[wanted.by], 0, seed, each=True)
    yield from (np.flatnonzero(place != k) for k in range(len(names)))
