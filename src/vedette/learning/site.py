"""A model made at home at a site: its own benign items correct the words that mean another thing there.

What is malicious is much alike everywhere; what is benign differs from site to site: a bank's ordinary mail speaks of loans. The model
brings *anchors*, a sample of the malicious items it was trained on (as hashes, no text). The free weights are fitted anew to the site's
benign items against the anchors, held near the shipped weights by a ridge: logistic regression with the shipped model as prior (Chelba,
Acero, "Adaptation of maximum entropy capitalizer", EMNLP 2004). Weights that may only raise the score (symbols) stay as they are.

The site's calibration comes from items that the model was not fitted to, a twentieth at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vedette.errors import DataError
from vedette.learning.fit import design, stacked, taken
from vedette.scoring.additive import Additive, Block
from vedette.scoring.artefact import Model, version_of

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

FEWEST = 100
"""Benign items, at least."""
FOLDS = 20
RIDGE = 0.02
"""Of the distance from the shipped weights, relative to one item; chosen on corpora left out of training."""
WEIGHT = 10.0
"""What a benign item of the site counts; all anchors together count as much as all of them."""
_ITERATIONS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """A model for one site.

    Attributes:
        model: with the site's weights and calibration.
        margins: (n,) of the benign items, each by a model that was not fitted to it.
    """

    model: Model
    margins: Floats


def adapted(model: Model, benign: Sequence[Block], origin: str) -> Adapted:
    """Return the model fitted to n benign items of a site.

    Args:
        model: one that has anchors.
        benign: the evidence of the items.
        origin: what the site calls its sample.

    Raises:
        DataError: they are too few, or the model has no anchors.
    """
    n = len(benign[0])
    if n < FEWEST:
        raise DataError(f"{n:,} items are too few to adapt a model: it needs {FEWEST}")
    if not model.anchors:
        raise DataError(f"the model {model.name!r} cannot be adapted: it brings no anchors")
    fold, margins = np.arange(n) % FOLDS, np.empty(n)
    for k in range(FOLDS):
        out = np.flatnonzero(fold == k)
        part = [taken(b, out) for b in benign]
        margins[out] = _fitted(model, [taken(b, np.flatnonzero(fold != k)) for b in benign]).margin(part)
    form = _fitted(model, benign)
    table = model.calibration.at_site(margins, origin)
    return Adapted(replace(model, form=form, version=version_of(form), calibration=table), margins)


def anchors(blocks: Sequence[Block], malicious: Places, weight: Floats, most: int, seed: int) -> tuple[Block, ...]:
    """Return the evidence of at most ``most`` of the items ``malicious``, drawn by their weight (n,), without what explains it."""
    rng = np.random.default_rng(seed)
    share = weight[malicious] / weight[malicious].sum()
    some = np.sort(rng.choice(malicious, min(most, len(malicious)), replace=False, p=share))
    return tuple(taken(b, some) for b in blocks)


def _fitted(model: Model, benign: Sequence[Block]) -> Additive:
    """Return the model's sum with its free weights fitted to benign items against the anchors."""
    from scipy.optimize import minimize

    few = {b.name: b for b in model.anchors}
    blocks = stacked([[few[b.name] for b in benign], list(benign)])
    matrix, used = design(blocks)
    count, n = len(model.anchors[0]), len(benign[0])
    target = np.concatenate([np.ones(count), -np.ones(n)])
    item = np.concatenate([np.full(count, WEIGHT * n / count), np.full(n, WEIGHT)])
    held = {name for name, told in model.recipe.get("blocks", {}).items() if told.get("sign")}
    free = np.concatenate([np.full(len(u), b.name not in held) for b, u in zip(blocks, used, strict=True)])
    before = np.concatenate([model.form.weights[b.name][u] for b, u in zip(blocks, used, strict=True)])
    start = matrix @ before.astype(np.float64) + model.form.bias
    loose = matrix[:, np.flatnonzero(free)]
    back = loose.T.tocsr()

    def loss(moved: Floats) -> tuple[float, Floats]:
        margin = target * (start + loose @ moved[:-1] + moved[-1])
        pull = -item * target / (1.0 + np.exp(np.clip(margin, -700.0, 700.0)))
        value = float(item @ np.logaddexp(0.0, -margin)) + RIDGE / 2 * float(moved[:-1] @ moved[:-1])
        return value, np.append(back @ pull + RIDGE * moved[:-1], pull.sum())

    found = minimize(loss, np.zeros(loose.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    step = np.zeros(len(free))
    step[free] = found.x[:-1]
    weights, at = dict(model.form.weights), 0
    for block, slots in zip(blocks, used, strict=True):
        table = weights[block.name].copy()
        table[slots] += step[at : at + len(slots)].astype(np.float32)
        weights[block.name], at = table, at + len(slots)
    return Additive(model.form.bias + float(found.x[-1]), weights)
