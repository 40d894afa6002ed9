"""Trains the model of a recipe: gather, look for leaks, learn, write.

Deterministic: the same recipe, data and libraries give the same scores. The one library that could differ from run to run, a BLAS that adds
in several threads, is held to one by ``vedette train`` (``OPENBLAS_NUM_THREADS=1``).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vedette.learning.card import card
from vedette.learning.data import fingerprint as data_fingerprint
from vedette.learning.fit import Design
from vedette.learning.gather import Lot, Progress, Shelf, gather, silent
from vedette.learning.leaks import Split, leaks, stop
from vedette.learning.learn import Learnt, fingerprint, learn, left_out
from vedette.learning.recipe import Recipe
from vedette.learning.site import anchors
from vedette.scoring.additive import Block
from vedette.scoring.artefact import Model, version_of


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A new model and what it was made from."""

    model: Model
    lot: Lot
    learnt: Learnt


def train(recipe: Recipe, root: Path | None = None, work: Path | None = None, progress: Progress = silent) -> Trained:
    """Return the model of a recipe.

    Args:
        recipe: what to do.
        root: the folder of the data sets.
        work: below which finished folds are kept until all is done; None: nowhere.
        progress: told of every step.

    Raises:
        DataError: a data set is absent or another one, or leaks.
    """
    began = time.monotonic()
    lot = gather(recipe, recipe.data, Shelf(recipe.detector_class, recipe.malicious, root), recipe.evasions, progress)
    design = Design.of(lot.items.blocks)
    progress("looking for leaks", 0, 1)
    found = leaks(recipe.detector_class, Split(lot, design, left_out(recipe, lot)[1]))
    answered = stop(found, recipe.answers_to(), where=f"recipe {recipe.name}")
    place = work / f"{recipe.name}-{fingerprint(recipe, lot)}" if work else None
    learnt = learn(recipe, lot, design, work=place, progress=progress)
    told = card(recipe, lot, learnt, answered, seconds=time.monotonic() - began)
    if place is not None:
        shutil.rmtree(place, ignore_errors=True)
    return Trained(replace(built(recipe, learnt, told), anchors=_anchors(recipe, lot)), lot, learnt)


def _anchors(recipe: Recipe, lot: Lot) -> tuple[Block, ...]:
    bad = np.flatnonzero(lot.items.malicious & ~lot.copy)
    return (
        anchors(lot.items.blocks, bad, lot.weights(recipe.weights), recipe.anchors, recipe.seed)
        if recipe.anchors
        else ()
    )


def built(recipe: Recipe, learnt: Learnt, told: Mapping[str, Any] | None = None) -> Model:
    """Return the model of what was learnt, ready to score."""
    return Model(
        name=recipe.detector_class.model_of(),
        version=version_of(learnt.form),
        encoder=recipe.detector_class.encoder_version(),
        form=learnt.form,
        calibration=learnt.calibration,
        known=learnt.known,
        recipe=recipe.plain(),
        data={s.set: data_fingerprint(s.set) for s in recipe.data},
        card=told or {},
    )


def difference(model: Model, other: Model, lot: Lot) -> float:
    """Return the largest difference of score that two models give to any item."""
    scores = [1 / (1 + np.exp(-np.clip(m.form.margin(lot.items.blocks), -700, 700))) for m in (model, other)]
    return float(np.abs(scores[0] - scores[1]).max())


def work_folder() -> Path:
    """Return where unfinished training is kept: the user's cache folder (XDG)."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "vedette" / "train"
