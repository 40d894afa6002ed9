"""From a labelled table to a model in a folder: which rows are bad, what leaks, how it does on rows it was not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette import __version__
from vedette.errors import DataError
from vedette.learning.fit import Constraint, Design
from vedette.learning.measures import figures
from vedette.learning.own_table.encoding import Encoding
from vedette.learning.shortcuts import column_areas
from vedette.learning.split import folds
from vedette.learning.twins import evidence_hashes
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model, version_of
from vedette.scoring.calibration import Calibration, benign_table, isotonic

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Told = Callable[[str], None]
NAME = "tabular"
RIDGE = 3.0
PARTS = 5
FEW = 30
"""Rows of either label below which there is no model."""
SEPARATES, REPEATED, SHIFT = 0.95, 0.005, 0.3
"""As of ``learning.leaks``."""
ALPHA = 0.01
_USUAL = (
    "0",
    "0.0",
    "false",
    "no",
    "normal",
    "benign",
    "genuine",
    "legit",
    "legitimate",
    "ok",
    "none",
    "negative",
    "ham",
    "good",
    "-",
    "",
)


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table are for.

    Attributes:
        label: what is learned.
        group: rows alike in it stand on one side of every split; ``time``: what the model is asked about comes later. Empty: none.
    """

    label: str
    group: str = ""
    time: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(c for c in (self.label, self.group, self.time) if c)


def bad_rows(labels: pl.Series) -> tuple[Bools, list[str]]:
    """Return which rows are what is looked for, and the labels that mean it: all but those that usually mean nothing is wrong.

    Raises:
        DataError: there are not two kinds.
    """
    text = labels.cast(pl.String).fill_null("")
    known = text.unique().sort().to_list()
    usual = [w for w in known if w.strip().lower() in _USUAL]
    if not usual:
        counts = text.value_counts(sort=True)
        usual = [counts[labels.name][0]]
    bad = [w for w in known if w not in usual]
    if not bad:
        raise DataError(f"the column {labels.name!r} has one label alone: {', '.join(known)[:80]}")
    return (~text.is_in(usual)).to_numpy(), bad


def trained(rows: pl.DataFrame, columns: Columns, told: Told = lambda _: None) -> Model:
    """Return the model of a table.

    Raises:
        DataError: a column is not there, or a label is too rare.
    """
    absent = [c for c in columns.named if c not in rows.columns]
    if absent:
        raise DataError(f"the table has no column {absent[0]!r}", hint=f"there are: {', '.join(rows.columns)[:200]}")
    if columns.time:
        rows = rows.sort(columns.time, nulls_last=True, maintain_order=True)
    labels, bad = bad_rows(rows[columns.label])
    if min(labels.sum(), (~labels).sum()) < FEW:
        raise DataError(f"{int(labels.sum()):,} rows of {len(labels):,} are bad: at least {FEW} of either are needed")
    encoding = Encoding.of(rows, columns.named)
    if not (encoding.numbers or encoding.words):
        raise DataError(
            "no column is left to learn from", hint="; ".join(f"{n}: {w}" for n, w in encoding.left_out.items())
        )
    part = _parts(rows, columns)
    told("looking for leaks")
    found = dict(leaks(rows, encoding, (labels, part), columns))
    margins = np.full(len(labels), np.nan)
    for k, (train, test) in enumerate(_splits(rows, columns, part)):
        told(f"part {k + 1}: {len(train):,} rows train, {len(test):,} are asked")
        if labels[train].all() or not labels[train].any():
            continue
        own = Encoding.of(rows[train], columns.named)
        form = _fitted(own, rows[train], labels[train])
        margins[test] = form.margin(own.blocks(rows[test]))
    asked = ~np.isnan(margins)
    if not labels[asked].any() or labels[asked].all():
        raise DataError(
            "rows of one label alone can be asked about without having been trained on",
            hint="leave out --time or --group",
        )
    told("all rows")
    form = _fitted(encoding, rows, labels)
    table = _table(margins[asked], labels[asked])
    card = {**_card(rows, columns, (margins[asked], labels[asked]), table), "leaks": found, "malicious": bad}
    return Model(
        name=NAME,
        version=version_of(form),
        encoder=encoding.version,
        form=form,
        calibration=table,
        known=np.zeros(0, np.bool_),
        recipe={"columns": {"label": columns.label, "group": columns.group, "time": columns.time}, **encoding.plain()},
        card=card,
    )


def leaks(
    rows: pl.DataFrame, encoding: Encoding, split: tuple[Bools, Places], columns: Columns
) -> Iterator[tuple[str, str]]:
    """Yield signs that a model could do well for a wrong reason: a name, and words."""
    labels, part = split
    looked_at = rows.select(*encoding.numbers, *encoding.words)
    alone = [(n, a) for n, a in column_areas(looked_at, labels) if a >= SEPARATES]
    if alone:
        words = ", ".join(f"{n} (AUC {a:.3f})" for n, a in alone[:8])
        yield "separates", f"columns that tell the labels apart by themselves; is one made from the label? {words}"
    whole, _ = evidence_hashes(encoding.blocks(rows))
    twins = pl.DataFrame({"h": whole, "part": part, "bad": labels})
    across = float((twins.select(pl.col("part").n_unique().over("h")).to_series() > 1).mean())  # type: ignore[arg-type]
    if across >= REPEATED:
        yield (
            "duplicates",
            f"{across:.1%} of the rows have a twin in another part: they are asked about rows they were trained on",
        )
    both = float((twins.select(pl.col("bad").n_unique().over("h")).to_series() > 1).mean())  # type: ignore[arg-type]
    if both >= REPEATED:
        yield "two-labels", f"{both:.1%} of the rows have a twin of the other label: no model can tell them apart"
    shares = [float(labels[part == k].mean()) for k in np.unique(part)]
    if max(shares) - min(shares) >= SHIFT:
        yield "label-shift", f"the share of bad rows is {min(shares):.0%} in one part and {max(shares):.0%} in another"
    if not (columns.group or columns.time):
        yield (
            "by-row",
            "rows were parted by chance: rows of one machine, customer or day are on both sides; name --group or --time",
        )


def _parts(rows: pl.DataFrame, columns: Columns) -> Places:
    """Return (n,) the part of each row: stretches of time, else whole groups, else by chance."""
    if columns.time:
        return np.minimum(np.arange(rows.height) * PARTS // rows.height, PARTS - 1)
    keys = (
        rows[columns.group].cast(pl.String) if columns.group else pl.int_range(rows.height, eager=True).cast(pl.String)
    )
    return folds(keys.alias("k"), PARTS, seed=0)


def _splits(rows: pl.DataFrame, columns: Columns, part: Places) -> Iterator[tuple[Places, Places]]:
    """Yield the rows that train and those that are asked: of time what came before; of groups none on both sides."""
    for k in range(1 if columns.time else 0, PARTS):
        train, test = np.flatnonzero(part < k if columns.time else part != k), np.flatnonzero(part == k)
        if columns.time and columns.group:
            seen = rows[columns.group][train].unique()
            test = test[(~rows[columns.group][test].is_in(seen.implode())).to_numpy()]
        if len(train) and len(test):
            yield train, test


def _fitted(encoding: Encoding, rows: pl.DataFrame, labels: Bools) -> Additive:
    blocks = encoding.blocks(rows)
    return Design.of(blocks).solve(labels, None, {b.name: Constraint(RIDGE) for b in blocks})


def _table(margins: Floats, labels: Bools) -> Calibration:
    benign, above = benign_table(margins[~labels])
    knots, confidence = isotonic(margins, labels)
    return Calibration(
        benign, above, int((~labels).sum()), knots, confidence, alpha=ALPHA, known_share=0.0, origin="site"
    )


def _card(rows: pl.DataFrame, columns: Columns, judged: tuple[Floats, Bools], table: Calibration) -> Mapping[str, Any]:
    margins, labels = judged
    verdict = np.where(table.calls(margins), "malicious", "benign")
    said = pl.DataFrame({"margin": margins, "confidence": table.confidences(margins), "verdict": verdict})
    return {
        "detector": NAME,
        "items": rows.height,
        "left_out_by": "time" if columns.time else "group" if columns.group else "row",
        "left_out": figures(said, labels),
        "false_positive_rate": ALPHA,
        "made_with": {"vedette": __version__, **{p: version(p) for p in ("numpy", "scipy", "polars")}},
    }
