"""The model card: what a model was made from, how well it does, and where it fails; kept in its folder as ``card.json``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from vedette.learning.data import dataset
from vedette.learning.gather import Lot
from vedette.learning.learn import Learnt
from vedette.learning.measures import figures
from vedette.learning.recipe import Recipe


def card(recipe: Recipe, lot: Lot, learnt: Learnt, answered: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Return the card of a model that was just trained."""
    real = ~lot.copy
    table = learnt.calibration
    strange = learnt.shares[real] < table.known_share
    return {
        "detector": recipe.detector,
        "about": inspect.cleandoc(recipe.detector_class.__doc__ or ""),
        "malicious": list(recipe.malicious),
        "data": [_origin(name) for name in dict.fromkeys(s.set for s in recipe.data)],
        "items": _counts(lot),
        "copies": int(lot.copy.sum()),
        "left_out_by": recipe.calibration_by,
        "left_out": figures(
            learnt.margins[real],
            lot.items.malicious[real],
            table,
            strange=strange,
            weights=lot.take(np.flatnonzero(real)).weights(recipe.weights),
        ),
        "false_positive_rate": recipe.false_positive_rate,
        "answers": dict(answered),
        "known_share": table.known_share,
        "weights": {name: int(np.count_nonzero(t)) for name, t in learnt.form.weights.items()},
        "seconds": round(seconds, 1),
    }


def _origin(name: str) -> Mapping[str, Any]:
    cls = dataset(name)
    return {"set": name, "title": cls.title, "licence": cls.licence, "origin": cls.origin}


def _counts(lot: Lot) -> list[dict[str, Any]]:
    known = lot.items.known.filter(pl.Series(~lot.copy))
    return known.group_by("@corpus", "@label").len("items").sort("@corpus", "@label").to_dicts()
