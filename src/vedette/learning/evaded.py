"""What evasions do to a model: the malicious items of a test, rewritten, against the threshold of the benign ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from vedette.abc import Evasion, Learned
from vedette.learning.data import dataset
from vedette.learning.gather import Floats, Lot, rewritten
from vedette.learning.items import Items
from vedette.learning.measures import threshold_at
from vedette.learning.protocol import Pool
from vedette.learning.split import Places
from vedette.plugins import discover

BUDGET = 0.01
"""The rate of false positives at which recall under evasion is told."""
REWRITTEN = 2000
"""Malicious items of a test that each evasion rewrites, at most."""


def evaded(pool: Pool, detector: Learned, tested: Lot, said: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Return what each evasion does to the malicious items of the test, at a threshold that 1 % of the benign items reach."""
    labels = tested.items.malicious
    if labels.all() or not labels.any():
        return {}
    bar = threshold_at(said["margin"].to_numpy()[~labels], BUDGET)
    found = {}
    for name, cls in discover(Evasion).items():
        if detector.name in cls.detectors:
            parts = list(_rewritten(pool, name, cls, tested))
            if parts:
                before = np.concatenate([said["margin"].to_numpy()[which] for which, _ in parts])
                after = pl.concat([detector.weigh(items.rows, items.blocks) for _, items in parts])
                found[name] = _figures(before, after, bar)
    return found


def _rewritten(pool: Pool, name: str, cls: type[Evasion], tested: Lot) -> Iterator[tuple[Places, Items]]:
    """Yield test items by place, and the same items rewritten; those that no longer hold anything to judge are left out."""
    bad = np.flatnonzero(tested.items.malicious)
    drawn = np.random.default_rng(pool.recipe.seed).permutation(bad)[:REWRITTEN]
    ordinary = _ordinary(pool, cls, tested) if cls.borrows else None
    for k in np.unique(tested.source[drawn]):
        selection = pool.selections[k]
        if dataset(selection.set).kind is not cls.kind:
            continue
        which = np.sort(drawn[tested.source[drawn] == k])
        events = pool.shelf.events(selection, pool.recipe.seed)[
            tested.items.rows["metadata.sequence"].to_numpy()[which]
        ]
        items = pool.shelf.items(selection, rewritten(name, events, pool.recipe.seed, ordinary))
        yield which[items.rows["metadata.sequence"].to_numpy()], items


def _ordinary(pool: Pool, cls: type[Evasion], tested: Lot) -> pl.DataFrame | None:
    """Return the benign events of the test, for an evasion that borrows; None: there are none of its class."""
    found = []
    for k in np.unique(tested.source):
        selection = pool.selections[k]
        if dataset(selection.set).kind is cls.kind:
            which = tested.items.rows["metadata.sequence"].to_numpy()[(tested.source == k) & ~tested.items.malicious]
            found.append(pool.shelf.events(selection, pool.recipe.seed)[which].select(cls.column))
    return pl.concat(found) if found else None


def _figures(before: Floats, after: pl.DataFrame, bar: float) -> dict[str, float]:
    changed = after["margin"].to_numpy()
    scores = [1 / (1 + np.exp(-np.clip(m, -700.0, 700.0))) for m in (before, changed)]
    return {
        "items": float(len(before)),
        "recall_before": float((before >= bar).mean()),
        "recall_after": float((changed >= bar).mean()),
        "score_drop": float((scores[0] - scores[1]).mean()),
        "insufficient": int(after["unsuited"].is_not_null().sum()) / max(after.height, 1),
    }
