"""A model of chance: for laws about detectors whose models a site trains itself."""

from __future__ import annotations

import random

import numpy as np

from vedette.abc import Detector, Learned
from vedette.learning.registry import equip
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model, version_of
from vedette.scoring.calibration import Calibration, benign_table, isotonic


def equipped(detector: type[Detector]) -> Detector:
    """Return the detector with its model in use, or with one of chance where none ships."""
    if issubclass(detector, Learned) and not detector.ships:
        return detector(chance(detector))
    return equip(detector)


def chance(detector: type[Learned], seed: int = 0) -> Model:
    """Return a model whose weights mean nothing, and whose tables are in order."""
    rng, sizes = np.random.default_rng(seed), detector.evidence_sizes()
    form = Additive(-2.0, {name: rng.normal(0, 0.5, size).astype(np.float32) for name, size in sizes.items()})
    draw = random.Random(seed)
    margins = np.array([draw.gauss(-2.0, 2.0) for _ in range(400)])
    labels = margins > 0
    benign, above = benign_table(margins[~labels])
    table = Calibration(benign, above, int((~labels).sum()), *isotonic(margins, labels), alpha=0.01, known_share=0.0)
    known = np.ones(sizes.get(detector.familiar, 0), np.bool_)
    return Model(detector.model_of(), version_of(form), detector.encoder_version(), form, table, known)
