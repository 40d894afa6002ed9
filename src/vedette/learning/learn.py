"""From labelled items to a model that knows what its margins are worth: the fit on everything, and margins of items not trained on.

Every item is left out once, with its whole group or corpus; a model fitted to the others says what it would have thought of it. These
margins, and never those of training, make the p-values, the confidence and the share of known pieces below which an item is foreign.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from vedette.errors import DataError
from vedette.learning.fit import Constraint, Design
from vedette.learning.gather import Bools, Floats, Lot, Progress, silent
from vedette.learning.recipe import Recipe
from vedette.learning.select import Choice, chosen, subsamples
from vedette.learning.split import Places, parts
from vedette.scoring.additive import Additive, Block, segment_sums
from vedette.scoring.calibration import Calibration, benign_table, isotonic

UNLIKE = 0.01
"""At most this share of items that were not trained on may be called unlike training."""
AT_ONCE = 2
"""Fits that run side by side; each is the same whatever runs beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What n items taught.

    Attributes:
        form: the sum, fitted to all of them.
        known: (slots,) which pieces of the detector's ``familiar`` block they hold.
        calibration: made from ``margins`` and ``shares``.
        margins: (n,) of models that were not trained on the item; NaN for rewritten copies. ``shares``: of known pieces, likewise.
        choice: which pieces were kept.
    """

    form: Additive
    known: Bools
    calibration: Calibration
    margins: Floats
    shares: Floats
    choice: Choice | None


def left_out(recipe: Recipe, lot: Lot) -> tuple[list[str], Places]:
    """Return what is left out in turn, in words, and (n,) with which of them each item is; one corpus alone is left out by groups."""
    column = recipe.calibration_by
    if lot.items.known[column].n_unique() == 1:
        column = "@group"
    return parts(lot.items.known[column], recipe.folds, recipe.seed, each=column == "@corpus")


def learn(recipe: Recipe, lot: Lot, design: Design, *, work: Path | None = None, progress: Progress = silent) -> Learnt:
    """Return what the items of ``lot`` teach.

    Args:
        recipe: blocks, folds, seed, rate of false positives.
        lot: the items.
        design: their evidence.
        work: a folder where finished folds are kept, and found again after an interruption.
        progress: told of each fold.

    Raises:
        DataError: a label is absent, from all items or from what is left when a fold is held out.
    """
    weight = lot.weights(recipe.weights)
    names, part = left_out(recipe, lot)
    steps = [k for k in range(len(names)) if (~lot.copy[part == k]).any()]
    done = 0

    def held_out(k: int) -> tuple[Floats, Floats]:
        nonlocal done
        found = _held_out(recipe, lot, (design, weight), part == k, work / f"fold-{k}.npz" if work else None)
        done += 1
        progress(f"left out {names[k]}", done, len(steps) + 1)
        return found

    progress("fitting", 0, len(steps) + 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        whole = pool.submit(_fitted, recipe, lot.items.known, lot.items.malicious, (design, weight))
        margins, shares = np.full(len(lot), np.nan), np.full(len(lot), np.nan)
        for k, (m, s) in zip(steps, pool.map(held_out, steps), strict=True):
            out = (part == k) & ~lot.copy
            margins[out], shares[out] = m, s
        form, choice = whole.result()
    table = calibrated(recipe, lot, margins, shares)
    return Learnt(form, seen(lot.items.blocks, recipe.detector_class.familiar), table, margins, shares, choice)


def calibrated(recipe: Recipe, lot: Lot, margins: Floats, shares: Floats) -> Calibration:
    """Return the tables of margins that were made without the items they are of."""
    real = ~lot.copy & ~np.isnan(margins)
    labels = lot.items.malicious[real]
    benign, above = benign_table(margins[real][~labels])
    knots, confidence = isotonic(margins[real], labels, lot.take(np.flatnonzero(real)).weights(recipe.weights))
    return Calibration(
        benign=benign,
        above=above,
        count=int((~labels).sum()),
        knots=knots,
        confidence=confidence,
        alpha=recipe.false_positive_rate,
        known_share=float(np.quantile(shares[real], UNLIKE, method="lower")),
    )


def seen(blocks: Sequence[Block], familiar: str, items: Bools | None = None) -> Bools:
    """Return (slots,) which slots of the block ``familiar`` occur in some items, or in all; nothing where there is no such block."""
    for block in blocks:
        if block.name == familiar:
            slot = block.slot if items is None else block.slot[np.repeat(items, np.diff(block.starts))]
            return np.bincount(slot, minlength=block.slots) > 0
    return np.zeros(0, np.bool_)


def known_shares(blocks: Sequence[Block], familiar: str, known: Bools) -> Floats:
    """Return (n,): the share of an item's pieces that are known; 1 where it has none."""
    for block in blocks:
        if block.name == familiar:
            counts = np.diff(block.starts)
            share = segment_sums(known[block.slot].astype(np.float64), block.starts) / np.maximum(counts, 1)
            return np.where(counts > 0, share, 1.0)
    return np.ones(len(blocks[0]))


def fingerprint(recipe: Recipe, lot: Lot) -> str:
    """Return what finished folds are kept under: a hash of all that a fit depends on."""
    plain = {k: v for k, v in recipe.plain().items() if k not in ("answers", "protocols")}
    told = hashlib.blake2b(repr(plain).encode(), digest_size=10)
    for block in lot.items.blocks:
        for array in (block.starts, block.slot, block.value, block.scale):
            told.update(b"-" if array is None else np.ascontiguousarray(array).data)
    told.update(lot.items.malicious.tobytes() + lot.factor.tobytes() + lot.copy.tobytes())
    told.update(repr(lot.items.known.to_dict(as_series=False)).encode())
    return told.hexdigest()


def _held_out(
    recipe: Recipe, lot: Lot, known: tuple[Design, Floats], out: Bools, kept: Path | None
) -> tuple[Floats, Floats]:
    """Return margins and known shares of the originals in ``out`` by a model of all other items."""
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as found:
            return found["margins"], found["shares"]
    design, weight = known
    train, test = np.flatnonzero(~out), np.flatnonzero(out & ~lot.copy)
    form, _ = _fitted(recipe, lot.items.known[train], lot.items.malicious[train], (design.take(train), weight[train]))
    margins, familiar = design.take(test).margins(form), recipe.detector_class.familiar
    shares = known_shares(lot.items.blocks, familiar, seen(lot.items.blocks, familiar, ~out))[test]
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(".new.npz")
        np.savez(fresh, margins=margins, shares=shares)
        fresh.replace(kept)
    return margins, shares


def _fitted(
    recipe: Recipe, known: pl.DataFrame, malicious: Bools, evidence: tuple[Design, Floats]
) -> tuple[Additive, Choice | None]:
    """Return the sum fitted to the items, over the pieces that selection keeps."""
    if malicious.all() or not malicious.any():
        word = "malicious" if malicious.any() else "benign"
        raise DataError(f"all of the {len(malicious)} items to train on are {word}", where=f"recipe {recipe.name}")
    design, weight = evidence
    held = {name: Constraint(h.ridge, h.sign) for name, h in recipe.blocks.items()}
    if recipe.select is None:
        return design.solve(malicious, weight, held), None
    samples = subsamples(recipe.select, known, recipe.seed)
    choice = chosen(recipe.select, design, samples, malicious, weight, held)
    return design.keep(choice.kept).solve(malicious, weight, held), choice
