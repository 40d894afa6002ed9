"""Evaluates a recipe by a protocol: trains anew without what is tested, and asks the new model as the product would.

A protocol has cases (each corpus left out in turn; or one, train and test named apart), and every case runs with several seeds. A seed
changes the draws, the folds, and which tenth of the training groups is left away, so the spread of a figure over seeds is seen.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from vedette.abc import Learned
from vedette.errors import ContentError
from vedette.learning.evaded import evaded
from vedette.learning.gather import Bools, Floats, Progress, Shelf, silent
from vedette.learning.learn import fingerprint, learn
from vedette.learning.measures import figures, precision_recall, reliability, roc
from vedette.learning.protocol import Case, Pool, answered, pooled
from vedette.learning.recipe import Recipe, Selection
from vedette.learning.split import folds
from vedette.learning.train import built

POINTS = 200
"""Points of a curve that are kept."""


class Result(msgspec.Struct, frozen=True):
    """One case with one seed.

    Attributes:
        case: what was left out, or ``test``.
        seed: added to the recipe's.
        figures: of all test items.
        by: value of the protocol's column -> figures.
        evasions: evasion -> recall at 1 % false positives before and after, mean drop of the score, share of insufficient data.
        curves: ``roc``, ``precision_recall``, ``reliability``: points.
    """

    case: str
    seed: int
    figures: dict[str, float | None]
    by: dict[str, dict[str, float | None]]
    evasions: dict[str, dict[str, float | None]]
    curves: dict[str, list[tuple[float, float]]]


class Report(msgspec.Struct, frozen=True):
    """All cases of a protocol.

    Attributes:
        name: of the recipe; ``protocol``: of the protocol.
        results: by case and seed.
        answers: leaks of the splits that the recipe answers.
    """

    name: str
    protocol: str
    results: list[Result]
    answers: dict[str, str] = {}


def evaluate(
    recipe: Recipe,
    name: str,
    *,
    seeds: int = 3,
    root: Path | None = None,
    work: Path | None = None,
    progress: Progress = silent,
) -> Report:
    """Return what a protocol of the recipe shows.

    Args:
        recipe: the recipe.
        name: one of its protocols.
        seeds: how many.
        root: the folder of the data sets.
        work: below which finished cases are kept until all is done; None: nowhere.
        progress: told of every step.

    Raises:
        ContentError: there is no such protocol.
        DataError: a data set is absent, a test is empty, or a split leaks.
    """
    if name not in recipe.protocols:
        known = ", ".join(recipe.protocols) or "none"
        raise ContentError(f"the recipe {recipe.name} has no protocol {name!r}", hint=f"it has: {known}")
    results: list[Result] = []
    answers: dict[str, str] = {}
    places = []
    for seed in range(seeds):
        pool = pooled(recipe, name, seed, root, progress)
        place = work / f"{recipe.name}-{name}-{fingerprint(pool.recipe, pool.lot)}" if work else None
        places.append(place)
        cases = list(pool.cases())
        if seed == 0:
            answers = answered(pool, cases, name, progress)
        for k, (case, train, test) in enumerate(cases):
            progress(f"{case}, seed {seed + 1} of {seeds}", seed * len(cases) + k, seeds * len(cases))
            results.append(_kept(pool, (case, train, test), seed, place))
    for place in places:
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)
    return Report(recipe.name, name, results, answers)


def asked(detector: Learned, sets: Sequence[str], malicious: Sequence[str], root: Path | None = None) -> list[Result]:
    """Return what the model in use does on whole data sets, as it is: nothing is trained."""
    shelf, found = Shelf(type(detector), malicious, root), []
    for name in sets:
        items = shelf.items(Selection(name), shelf.events(Selection(name), 0))
        said = detector.weigh(items.rows, items.blocks)
        weights = np.ones(len(items))
        by = _by(items.known["@corpus"], said, items.malicious, weights)
        told = _plain(figures(said, items.malicious))
        found.append(Result(name, 0, told, by, {}, _curves(said, items.malicious, weights)))
    return found


def _kept(pool: Pool, case: Case, seed: int, place: Path | None) -> Result:
    """Return the result of a case, from the work folder where it was finished before."""
    path = place / f"{case[0].replace('/', '_')}.json" if place else None
    if path is not None and path.is_file():
        return msgspec.json.decode(path.read_bytes(), type=Result)
    found = _result(pool, case, seed)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(found))
        fresh.replace(path)
    return found


def _result(pool: Pool, case: Case, seed: int) -> Result:
    name, train, test = case
    tenth = folds(pool.lot.items.known["@group"], 10, pool.recipe.seed + 104729)[train] == 0
    some = train[~tenth]
    learnt = learn(pool.recipe, pool.lot.take(some), pool.design.take(some))
    detector = pool.recipe.detector_class(built(pool.recipe, learnt))
    tested = pool.lot.take(test)
    said = detector.weigh(tested.items.rows, tested.items.blocks)
    labels, weights = tested.items.malicious, tested.weights(pool.recipe.weights)
    return Result(
        case=name,
        seed=seed,
        figures=_plain(figures(said, labels, weights)),
        by=_by(tested.items.known[pool.protocol.by], said, labels, weights),
        evasions={name: _plain(told) for name, told in evaded(pool, detector, tested, said).items()},
        curves=_curves(said, labels, weights),
    )


def _by(values: pl.Series, said: pl.DataFrame, labels: Bools, weights: Floats) -> dict[str, dict[str, float | None]]:
    """Return the figures of each value of a column; malicious items without benign ones of their own stand against all benign items."""
    found = {}
    for value in values.drop_nulls().unique().sort().to_list():
        inside = (values == value).fill_null(value=False).to_numpy()
        alone = not (inside & ~labels).any()
        which = np.flatnonzero(inside | ~labels if alone else inside)
        told = figures(said[which], labels[which], weights[which])
        if alone:  # what is said of benign items is said of those of others
            told |= {"items": float(inside.sum()), "false_positives": float("nan"), "calibration_error": float("nan")}
            told["insufficient"] = figures(said[np.flatnonzero(inside)], labels[inside])["insufficient"]
        found[str(value)] = _plain(told)
    return found


def _curves(said: pl.DataFrame, labels: Bools, weights: Floats) -> dict[str, list[tuple[float, float]]]:
    margins = said["margin"].to_numpy()
    if labels.all() or not labels.any():
        return {}
    recall, precision = precision_recall(margins, labels)
    wrong, right = roc(margins, labels)
    return {
        "roc": _thinned(wrong, right),
        "precision_recall": _thinned(recall, precision),
        "reliability": reliability(said["confidence"].to_numpy(), labels, weights),
    }


def _thinned(x: Floats, y: Floats) -> list[tuple[float, float]]:
    """Return at most about ``POINTS`` points, dense where ``x`` is small, since that is what is looked at."""
    steps = np.concatenate([[0.0], np.geomspace(1e-4, 1.0, POINTS)])
    keep = np.unique(np.clip(np.searchsorted(x, steps), 0, len(x) - 1))
    return [(float(a), float(b)) for a, b in zip(x[keep], y[keep], strict=True)]


def _plain(told: Mapping[str, float]) -> dict[str, float | None]:
    """Return figures as JSON has them: what is not a number is null."""
    return {k: None if np.isnan(v) else round(v, 6) for k, v in told.items()}
