"""The model card: what a model was made from, how well it does, and where it fails; kept in its folder as ``card.json``."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from vedette import __version__
from vedette.abc import BENIGN, MALICIOUS, UNKNOWN
from vedette.learning.data import dataset
from vedette.learning.gather import Lot
from vedette.learning.install import install
from vedette.learning.learn import Learnt
from vedette.learning.measures import figures
from vedette.learning.recipe import Recipe
from vedette.scoring.artefact import read

FEW = 300
"""A block of at most so many pieces tells of each why it was kept."""


def card(recipe: Recipe, lot: Lot, learnt: Learnt, answered: Mapping[str, str], seconds: float) -> dict[str, Any]:
    """Return the card of a model that was just trained."""
    return {
        "detector": recipe.detector,
        "about": inspect.cleandoc(recipe.detector_class.__doc__ or ""),
        "malicious": list(recipe.malicious),
        "data": [_origin(name) for name in dict.fromkeys(s.set for s in recipe.data)],
        "items": _counts(lot),
        "copies": int(lot.copy.sum()),
        "left_out_by": recipe.calibration_by,
        "left_out": left_out_figures(recipe, lot, learnt),
        "false_positive_rate": recipe.false_positive_rate,
        "answers": dict(answered),
        "known_share": learnt.calibration.known_share,
        "selection": _selection(recipe, learnt),
        "evasions": list(recipe.evasions),
        "made_with": {"vedette": __version__, **{p: version(p) for p in ("numpy", "scipy", "polars")}},
        "weights": {name: int(np.count_nonzero(t)) for name, t in learnt.form.weights.items()},
        "seconds": round(seconds, 1),
    }


def _selection(recipe: Recipe, learnt: Learnt) -> dict[str, Any]:
    """Return why pieces were kept; for blocks of few pieces, piece by piece."""
    if recipe.select is None or learnt.choice is None:
        return {}
    choice = learnt.choice
    blocks: dict[str, dict[str, Any]] = {}
    for name, first, slots in choice.blocks:
        part = slice(first, first + len(slots))
        kept = choice.kept[part]
        blocks[name] = {"kept": int(kept.sum()), "dropped": int((~kept).sum())}
        if len(slots) <= FEW:
            told = zip(slots.tolist(), kept.tolist(), choice.agreement[part], choice.items[part], strict=True)
            blocks[name]["pieces"] = [
                {"slot": s, "kept": k, "agreement": round(float(a), 3), "items": int(n)} for s, k, a, n in told
            ]
    return {
        "stable": recipe.select.stable,
        "by": recipe.select.by,
        "least": recipe.select.least,
        "fits": choice.fits,
        "blocks": blocks,
    }


def left_out_figures(recipe: Recipe, lot: Lot, learnt: Learnt) -> dict[str, float]:
    """Return the figures of the items by models that were not trained on them."""
    real = np.flatnonzero(~lot.copy)
    table, margins, some = learnt.calibration, learnt.margins[real], lot.take(real)
    strange = learnt.shares[real] < table.known_share
    strange |= recipe.detector_class.unsuited(some.items.rows).is_not_null().to_numpy()
    verdict = np.where(strange, UNKNOWN, np.where(table.calls(margins), MALICIOUS, BENIGN))
    said = pl.DataFrame({"margin": margins, "confidence": table.confidences(margins), "verdict": verdict})
    return figures(said, some.items.malicious, some.weights(recipe.weights))


def merged(folder: Path, protocols: Mapping[str, Any]) -> None:
    """Add results of protocols to the card of the model in ``folder``, in place of earlier ones of the same name.

    Raises:
        ModelError: there is no model, or it is damaged.
    """
    model = read(folder)
    told = {**model.card, "protocols": {**model.card.get("protocols", {}), **protocols}}
    install(replace(model, card=told), folder)


def _origin(name: str) -> Mapping[str, Any]:
    cls = dataset(name)
    return {"set": name, "title": cls.title, "licence": cls.licence, "origin": cls.origin}


def _counts(lot: Lot) -> list[dict[str, Any]]:
    known = lot.items.known.filter(pl.Series(~lot.copy))
    return known.group_by("@corpus", "@label").len("items").sort("@corpus", "@label").to_dicts()
