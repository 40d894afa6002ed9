"""What ``vedette train fraud`` and ``vedette evaluate fraud`` do: a site's own model of fraud, and the handbook's protocol."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from rich.text import Text

from vedette.app import local, terminal
from vedette.app.intake import Input
from vedette.app.learn_command import Evaluation, Training
from vedette.config import Config, load
from vedette.errors import DataError
from vedette.events.batch import EventBatch
from vedette.learning import registry
from vedette.learning.data import data_root
from vedette.learning.fraud.evaluate import COUNT, Result, of_handbook, rows_of
from vedette.learning.fraud.train import trained
from vedette.learning.install import install
from vedette.scoring.artefact import Model

NAME = "fraud"
LATEST = 1_000_000
"""Payments with a label that are learned from at the most: the latest ones."""
_FIGURES = ("auc", "average_precision", "card_precision")


@dataclass(slots=True)
class _Read:
    """Payments of some inputs, and what was read.

    Attributes:
        inputs: every input so far.
    """

    inputs: list[Input]

    def batches(self, paths: Sequence[str], config: Config) -> Iterator[EventBatch]:
        """Yield every batch, with the name of its input."""
        for item, batch in local.read(paths, config):
            if batch is None:
                self.inputs.append(item)
            else:
                yield batch.named(item.name)


def train(paths: Sequence[str], wanted: Training, config_file: Path | None = None) -> int:
    """Train a model of fraud from payments with labels; keep it among the site's models, or write it into ``out``.

    Raises:
        DataError: no payments were read, or too few of them are known as fraud.
    """
    if not paths:
        raise DataError("fraud is learned from a site's own payments", hint="vedette train fraud PATH")
    told = (lambda _: None) if wanted.quiet else _note
    read = _Read([])
    rows = rows_of(read.batches(paths, load(config_file)), told, most=LATEST)
    for item in read.inputs:
        if item.account.error or item.account.rejects:
            _note(f"{item.name}: {item.account.rejects:,} rejects {item.account.error}".rstrip())
    if not rows.height:
        raise DataError("no payments were read", where=", ".join(paths), hint="vedette events PATH shows what is read")
    model = trained(rows, {i.name: _fingerprint(i) for i in read.inputs}, told)
    _tell(model, as_json=wanted.json)
    if wanted.out is not None:
        install(model, wanted.out)
        _note(f"written: {wanted.out}")
    else:
        if not any(v.version == model.version for v in registry.versions(model.name)):
            registry.add(model)
        _note(f"kept among your models; put it into use: vedette models use {model.name} {model.version}")
    return 0


def _fingerprint(item: Input) -> str:
    """Return what tells one input from another: a hash of its name and size, never of what is in it."""
    return hashlib.blake2b(f"{item.name}\n{item.account.records}".encode(), digest_size=8).hexdigest()


def _tell(model: Model, *, as_json: bool) -> None:
    card = model.card
    if as_json:
        terminal.write_json({"name": model.name, "version": model.version, **card})
        return
    told, amount = card["left_out"], card["by_amount_alone"]
    terminal.say(
        f"{model.name} {model.version}: payments from {card['from'][:10]} to {card['until'][:10]}; {told['items']:,.0f} of them asked "
        f"about later than what was trained on, {told['malicious']:,.0f} frauds"
    )
    terminal.say(
        f"AUC {told['auc']:.3f}, average precision {told['average_precision']:.3f} (the amount alone: {amount['auc']:.3f}, "
        f"{amount['average_precision']:.3f})"
    )
    terminal.say(
        f"as the product calls them: recall {told['recall']:.3f}, false positives {told['false_positives']:.4f}, "
        f"calibration error {told['calibration_error']:.3f}"
    )


def evaluate(wanted: Evaluation) -> int:
    """Run the handbook's protocol; print its tables, and write all results into the folder ``out``."""
    told = (lambda _: None) if wanted.quiet else _note
    found = of_handbook(data_root(), wanted.seeds, told, COUNT)
    if wanted.json:
        terminal.write_json({"protocol": NAME, "results": found})
    else:
        terminal.OUT.print(Text(page(found)), soft_wrap=True)
    if wanted.out is not None:
        wanted.out.mkdir(parents=True, exist_ok=True)
        (wanted.out / f"{NAME}.md").write_text(page(found) + "\n", encoding="utf-8")
        pl.DataFrame(found).write_ndjson(wanted.out / f"{NAME}.jsonl")
        _note(f"written: {wanted.out / NAME}.md, .jsonl")
    return 0


def page(found: Sequence[Result]) -> str:
    """Return Markdown tables: means over folds, and over seeds the median with the range."""
    rows = pl.DataFrame(found)
    of_seed = rows.group_by("part", "configuration", "seed", maintain_order=True).agg(pl.col(_FIGURES).mean())
    lines = []
    for part in of_seed["part"].unique(maintain_order=True):
        own = rows.filter(pl.col("part") == part)
        weeks = own.unique("fold", maintain_order=True)
        lines += [
            f"## {part}: {weeks.height} weeks, {weeks['payments'].sum():,} payments, {weeks['frauds'].sum():,} frauds",
            "",
            "| configuration | AUC | average precision | card precision at 100 | seeds |",
            "|---|---|---|---|---|",
        ]
        for (name,), some in of_seed.filter(pl.col("part") == part).group_by("configuration", maintain_order=True):
            cells = " | ".join(_spread(some[f]) for f in _FIGURES)
            lines.append(f"| {name} | {cells} | {some.height} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _spread(values: pl.Series) -> str:
    low, middle, high = (float(np.quantile(values.to_numpy(), q)) for q in (0.0, 0.5, 1.0))
    return f"{middle:.3f}" if f"{low:.3f}" == f"{high:.3f}" else f"{middle:.3f} ({low:.3f} to {high:.3f})"


def _note(text: str) -> None:
    terminal.ERR.print(Text(text), soft_wrap=True)
