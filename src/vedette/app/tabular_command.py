"""What ``vedette evaluate tabular`` does: the tables of research, every configuration beside the plain ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
from rich.text import Text

from vedette.app import terminal
from vedette.app.learn_command import Evaluation
from vedette.errors import DataError
from vedette.learning.data import data_root
from vedette.learning.tabular.evaluate import PROTOCOLS, Result

NAME = "tabular"


def evaluate(wanted: Evaluation) -> int:
    """Run the protocols of tables: see ``run``."""
    return run(NAME, PROTOCOLS, wanted)


def run(of: str, protocols: Mapping[str, Callable[..., list[Result]]], wanted: Evaluation) -> int:
    """Run the protocols that are wanted, by default all; print a table each, and write all results into the folder ``out``.

    Raises:
        DataError: a protocol is not known, or its data or a library is not here.
    """
    names = tuple(wanted.protocols) or tuple(protocols)
    if unknown := [n for n in names if n not in protocols]:
        raise DataError(f"no protocol of {of} is called {unknown[0]!r}", hint=f"there are: {', '.join(protocols)}")
    root = data_root()
    told = (lambda _: None) if wanted.quiet else _note
    found = {
        name: [r for seed in range(wanted.seeds) for r in protocols[name](root, seed, told=told)] for name in names
    }
    for name, results in found.items():
        if wanted.json:
            terminal.write_json({"protocol": name, "results": [_plain(r) for r in results]})
        else:
            terminal.OUT.print(Text(page(name, results)), soft_wrap=True)
    if wanted.out is not None:
        write(wanted.out, found)
    return 0


def write(folder: Path, found: dict[str, list[Result]]) -> None:
    """Write a Markdown page and JSON lines of each protocol."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, results in found.items():
        (folder / f"{name}.md").write_text(page(name, results) + "\n", encoding="utf-8")
        pl.DataFrame([_plain(r) for r in results], infer_schema_length=None).write_ndjson(folder / f"{name}.jsonl")
        _note(f"written: {folder / name}.md, .jsonl")


def page(name: str, results: Sequence[Result]) -> str:
    """Return a Markdown table: a line per set, configuration and what was left out, with means over seeds, and of accuracy the worst."""
    rows = pl.DataFrame([_plain(r) for r in results], infer_schema_length=None)
    by = [c for c in ("set", "left_out", "family", "configuration") if c in rows.columns]
    figures = [c for c in rows.columns if c not in (*by, "seed", "missed")]
    worst = [pl.col("accuracy").min().alias("worst accuracy")] if "accuracy" in figures else []
    lines = rows.group_by(by, maintain_order=True).agg(pl.col(figures).mean(), *worst)
    if "recall" in figures and "left_out" in by:
        over = lines.group_by("set", "configuration", maintain_order=True).agg(pl.col(figures).mean())
        lines = pl.concat([lines, over.with_columns(left_out=pl.lit("macro")).select(lines.columns)])
    head = lines.columns
    body = [f"| {' | '.join(map(_cell, line))} |" for line in lines.iter_rows()]
    seeds = rows["seed"].n_unique()
    return "\n".join(
        [
            f"## {name} ({seeds} seed{'s' if seeds > 1 else ''})",
            "",
            f"| {' | '.join(head)} |",
            f"|{'---|' * len(head)}",
            *body,
        ]
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _plain(result: Result) -> Result:
    """Return a result without NaN, which JSON lacks."""
    return {k: v for k, v in result.items() if not (isinstance(v, float) and math.isnan(v))}


def _note(text: str) -> None:
    terminal.ERR.print(Text(text), soft_wrap=True)
