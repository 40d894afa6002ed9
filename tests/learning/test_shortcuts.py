from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.learning import shortcuts
from vedette.learning.fit import Design
from vedette.scoring.additive import facts

LABELS = np.arange(100) < 40


def columns(rows: pl.DataFrame) -> dict[str, float]:
    return dict(shortcuts.column_areas(rows, LABELS))


def test_columns_of_every_kind_are_looked_at() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame(
        {
            "number": np.where(LABELS, 5, 1),
            "below": np.where(LABELS, 1.0, 5.0),
            "missing": [None if y else 3.0 for y in LABELS],
            "kind": ["x" if y else "y" for y in LABELS],
            "holds": LABELS,
            "noise": rng.random(100),
            "text": [f"text {i}" for i in range(100)],
            "metadata.sequence": np.arange(100),
        }
    )
    got = columns(rows)
    assert {c for c, area in got.items() if area == 1.0} == {"number", "below", "missing", "kind", "holds"}
    assert got["noise"] < 0.7
    assert "text" not in got
    assert "metadata.sequence" not in got


def test_of_few_items_nothing_is_said() -> None:
    few = np.arange(100) < 5
    assert not dict(shortcuts.column_areas(pl.DataFrame({"x": few}), few))
    design = Design.of([facts("f", {"x": few.astype(np.float32)})])
    assert not shortcuts.piece_areas(design, few).any()


def test_pieces_tell_whichever_way_they_speak() -> None:
    of = {"yes": LABELS, "no": ~LABELS, "half": np.arange(100) % 2 == 0, "some": np.arange(100) < 20}
    design = Design.of([facts("f", {k: v.astype(np.float32) for k, v in of.items()})])
    assert shortcuts.piece_areas(design, LABELS).tolist() == pytest.approx([1.0, 1.0, 0.5, 0.75])
