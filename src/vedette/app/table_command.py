"""What ``vedette train tabular`` and ``vedette score tabular`` do: a model of any labelled table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import polars as pl
from rich.table import Table
from rich.text import Text

from vedette.abc import BENIGN, MALICIOUS
from vedette.app import terminal
from vedette.app.learn_command import Training
from vedette.app.score import Wanted
from vedette.errors import DataError, ModelError
from vedette.incidents.words import visible
from vedette.learning.install import install
from vedette.learning.own_table.encoding import Encoding
from vedette.learning.own_table.reading import read_table
from vedette.learning.own_table.train import NAME, Columns, trained
from vedette.scoring.artefact import Model, read

SHOWN = 20
FOLDER = Path("tabular-model")
_ROWS = 50_000


def train(paths: Sequence[str], columns: Columns, wanted: Training) -> int:
    """Train a model of one table and write it into the folder ``out``.

    Raises:
        DataError: no table, no label, or it cannot be learned from.
    """
    if len(paths) != 1 or not columns.label:
        raise DataError(
            "one table and its label are needed", hint="vedette train tabular TABLE --label COLUMN --out FOLDER"
        )
    model = trained(read_table(Path(paths[0])), columns, (lambda _: None) if wanted.quiet else _note)
    folder = wanted.out or FOLDER
    install(model, folder)
    if wanted.json:
        terminal.write_json(
            {"name": model.name, "version": model.version, **model.card, "left_out_columns": model.recipe["left_out"]}
        )
    else:
        _tell(model)
    _note(f"written: {folder}; ask it: vedette score tabular TABLE --model {folder}")
    return 0


def _tell(model: Model) -> None:
    card, told = model.card, model.card["left_out"]
    bad = ", ".join(visible(w, 20) for w in card["malicious"][:8])
    terminal.say(f"{card['items']:,} rows; what is looked for: {bad}")
    for name, why in model.recipe["left_out"].items():
        terminal.say(f"left out: {visible(name, 40)}: {why}")
    for name, words in card["leaks"].items():
        terminal.say(f"leak? {name}: {visible(words)}")
    terminal.say(
        f"rows that the model was not trained on (parted by {card['left_out_by']}): AUC {told['auc']:.4f}, average precision "
        f"{told['average_precision']:.3f}, recall {told['recall_at_0.1%']:.3f} at 0.1 % and {told['recall_at_1%']:.3f} at 1 % "
        f"false positives, calibration error {told['calibration_error']:.3f}"
    )


def score(paths: Sequence[str], folder: Path | None, wanted: Wanted) -> int:
    """Say of every row of tables what a model makes of it; 1 where any is called bad.

    Raises:
        ModelError: the folder holds no such model.
        DataError: a table cannot be read, or lacks a column.
    """
    if folder is None:
        raise ModelError("which model?", hint="vedette score tabular TABLE --model FOLDER")
    model = read(folder)
    if model.name != NAME:
        raise ModelError(f"the folder holds a model of {model.name!r}, not of a table", where=str(folder))
    encoding = Encoding.load(model.recipe)
    found = 0
    for path in paths:
        rows = read_table(Path(path))
        if lacking := encoding.missing(rows):
            raise DataError(f"the table has no column {lacking[0]!r}, which the model looks at", where=path)
        said = pl.concat(judged(model, encoding, part, wanted.reasons) for part in rows.iter_slices(_ROWS))
        told = said.with_row_index("row").with_columns(pl.lit(path).alias("table"))
        found += int((told["verdict"] == MALICIOUS).sum())
        _write(told, wanted, many=len(paths) > 1)
    return 1 if found else 0


def judged(model: Model, encoding: Encoding, rows: pl.DataFrame, reasons: int) -> pl.DataFrame:
    """Return (n,) ``score``, ``p_value``, ``confidence``, ``verdict``, and ``reasons``: the columns that say most, in words."""
    blocks = encoding.blocks(rows)
    margins, table = model.form.margin(blocks), model.calibration
    called = table.calls(margins)
    said = pl.DataFrame(
        {
            "score": 1 / (1 + np.exp(-np.clip(margins, -700, 700))),
            "p_value": table.p_values(margins),
            "confidence": table.confidences(margins),
            "verdict": np.where(called, MALICIOUS, BENIGN),
        }
    )
    if not reasons:
        return said.with_columns(reasons=pl.lit([], dtype=pl.List(pl.String)))
    names = [*encoding.numbers, *encoding.words]
    nats = np.concatenate([model.form.nats(b).reshape(len(b), -1) for b in blocks], axis=1)
    heavy = np.argsort(-np.abs(nats), axis=1, kind="stable")[:, :reasons]
    values = rows.select(pl.col(n).cast(pl.String).fill_null("nothing").str.slice(0, 40) for n in names).rows()
    texts = [
        [f"{names[k]} = {values[i][k]}: {nats[i, k]:+.2f}" for k in row] for i, row in enumerate(heavy)
    ]  # words, a row each
    return said.with_columns(pl.Series("reasons", texts, dtype=pl.List(pl.String)))


def _write(told: pl.DataFrame, wanted: Wanted, *, many: bool) -> None:
    if wanted.parquet:
        if many:
            raise DataError("one Parquet file takes the rows of one table", hint="score the tables one by one")
        told.write_parquet(wanted.parquet)
    if wanted.json:
        for row in told.iter_rows(named=True):  # a line each
            sys.stdout.buffer.write(orjson.dumps(row) + b"\n")
    if wanted.json or wanted.parquet:
        return
    table = Table("row", "confidence", "p-value", "verdict", "why", box=None)
    for row in told.sort("score", descending=True).head(SHOWN).iter_rows(named=True):  # few
        why = Text("; ".join(visible(r) for r in row["reasons"]))
        table.add_row(str(row["row"]), f"{row['confidence']:.3f}", f"{row['p_value']:.2g}", row["verdict"], why)
    terminal.OUT.print(table)
    bad = int((told["verdict"] == MALICIOUS).sum())
    terminal.say(f"{told.height:,} rows, {bad:,} of them {MALICIOUS}")


def _note(text: str) -> None:
    terminal.ERR.print(Text(text), soft_wrap=True)
