"""What ``vedette train`` and ``vedette evaluate`` do. Each returns its exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from vedette.app import terminal
from vedette.learning import registry
from vedette.learning.card import merged
from vedette.learning.evaluate import Report, asked
from vedette.learning.evaluate import evaluate as evaluated
from vedette.learning.gather import Progress
from vedette.learning.install import install
from vedette.learning.recipe import load
from vedette.learning.summary import markdown, overview, write
from vedette.learning.train import Trained, difference, work_folder
from vedette.learning.train import train as trained
from vedette.scoring.artefact import Model


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How a model is evaluated.

    Attributes:
        protocols: of the recipe; none: all of them.
        sets: data sets that the model in use is asked about as it is, instead of training by protocols.
        seeds: how many.
        out: the folder of pages, curves and JSON.
        card: merge what the protocols show into the card of the model in this folder.
        fresh: keep no finished cases, and use none.
        json: everything on standard output. ``quiet``: no progress.
    """

    protocols: Sequence[str] = ()
    sets: Sequence[str] = ()
    seeds: int = 3
    out: Path | None = None
    card: Path | None = None
    fresh: bool = False
    json: bool = False
    quiet: bool = False


SAME = 1e-6
"""Scores that differ by no more than this are those of the same model."""


@dataclass(frozen=True, slots=True)
class Training:
    """How a model is trained.

    Attributes:
        out: the folder of the new model.
        check: compare with the model in use, and write nothing.
        fresh: keep no finished folds, and use none.
        json: the card as JSON on standard output. ``quiet``: no progress.
    """

    out: Path | None = None
    check: bool = False
    fresh: bool = False
    json: bool = False
    quiet: bool = False


def train(name: str, wanted: Training) -> int:
    """Train the model of a recipe; 1 where ``check`` finds another model than the one in use."""
    recipe = load(name)
    with _progress(shown=not wanted.quiet) as progress:
        made = trained(recipe, work=None if wanted.fresh else work_folder(), progress=progress)
    _tell(made, as_json=wanted.json)
    if wanted.check:
        return _checked(made)
    if wanted.out is not None:
        install(made.model, wanted.out)
        _note(f"written: {wanted.out}")
    else:
        _kept(made.model)
    return 0


def _kept(model: Model) -> None:
    """Keep a model among the site's own; who wants it in use says so."""
    if not any(v.version == model.version and v.origin == "site" for v in registry.versions(model.name)):
        registry.add(model)
    _note(f"kept among your models; put it into use: vedette models use {model.name} {model.version}")


def _checked(made: Trained) -> int:
    shipped = registry.load(made.model.name)
    gap = difference(made.model, shipped, made.lot)
    same = gap <= SAME
    _note(f"largest difference of score to {shipped.name} {shipped.version}: {gap:.2g} {'' if same else f'> {SAME:g}'}")
    return 0 if same else 1


def _note(text: str) -> None:
    """Say what was done, beside the answer: standard output may be read by a program."""
    terminal.ERR.print(Text(text), soft_wrap=True)


def _tell(made: Trained, *, as_json: bool) -> None:
    card = made.model.card
    if as_json:
        terminal.write_json({"name": made.model.name, "version": made.model.version, **card})
        return
    told = card["left_out"]
    terminal.say(
        f"{made.model.name} {made.model.version}: {told['items']:,.0f} items, {told['malicious']:,.0f} of them malicious; "
        f"{card['copies']:,} rewritten copies; {card['seconds']:.0f} s"
    )
    terminal.say(
        f"items that the model was not trained on ({card['left_out_by']} left out): AUC {told['auc']:.4f}, "
        f"recall {told['recall_at_0.1%']:.3f} at 0.1 % and {told['recall_at_1%']:.3f} at 1 % false positives"
    )
    terminal.say(
        f"as the product calls them: recall {told['recall']:.3f}, false positives {told['false_positives']:.4f}, "
        f"insufficient data {told['insufficient']:.4f}, calibration error {told['calibration_error']:.3f}"
    )


def evaluate(name: str, wanted: Evaluation) -> int:
    """Evaluate a recipe by its protocols, or the model in use on data sets."""
    recipe = load(name)
    reports = []
    with _progress(shown=not wanted.quiet) as progress:
        if wanted.sets:
            detector = recipe.detector_class(registry.load(recipe.detector_class.model_of()))
            reports.append(Report(recipe.name, "as-it-is", asked(detector, wanted.sets, recipe.malicious)))
        for protocol in () if wanted.sets else (wanted.protocols or recipe.protocols):
            work = None if wanted.fresh else work_folder()
            reports.append(evaluated(recipe, protocol, seeds=wanted.seeds, work=work, progress=progress))
    for report in reports:
        _report(report, wanted)
    if wanted.card is not None:
        merged(wanted.card, {r.protocol: overview(r) for r in reports})
        _note(f"written: {wanted.card}")
    return 0


def _report(report: Report, wanted: Evaluation) -> None:
    if wanted.json:
        terminal.write_json({"overview": overview(report), "report": report})
    else:
        terminal.OUT.print(Text(markdown(report)), soft_wrap=True)
    for path in write(report, wanted.out) if wanted.out is not None else ():
        _note(f"written: {path}")


@contextmanager
def _progress(*, shown: bool) -> Iterator[Progress]:
    """Show a bar on a terminal; nothing elsewhere."""
    with Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        console=terminal.ERR,
        transient=True,
        disable=not (shown and terminal.ERR.is_terminal),
    ) as bar:
        task = bar.add_task("starting", total=1)

        def update(words: str, done: int, total: int) -> None:
            bar.update(task, description=words, completed=done, total=total)

        yield update
