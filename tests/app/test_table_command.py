"""``vedette train tabular`` and ``vedette score tabular``, as typed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest

from vedette.app.cli import main


@pytest.fixture
def table(tmp_path: Path) -> Path:
    draw = random.Random(1)
    rows = [
        {"id": i, "size": draw.gauss(5 * (i % 4 == 0), 1), "kind": draw.choice("ab"), "label": int(i % 4 == 0)}
        for i in range(600)
    ]
    path = tmp_path / "table.csv"
    pl.DataFrame(rows).write_csv(path)
    return path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def test_train_then_score(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "model"
    assert run("train", "tabular", str(table), "--label", "label", "--out", str(folder), "-q") == 0
    said = capsys.readouterr().out
    assert "600 rows; what is looked for: 1" in said
    assert "leak? by-row" in said
    assert run("score", "tabular", str(table), "--model", str(folder), "--json") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 600
    called = [r["verdict"] == "malicious" for r in rows]
    assert sum(c == (i % 4 == 0) for i, c in enumerate(called)) > 560
    assert any(r.startswith("size = ") for r in rows[0]["reasons"])
    assert run("score", "tabular", str(table), "--model", str(folder), "--parquet", str(tmp_path / "out.parquet")) == 1
    assert pl.read_parquet(tmp_path / "out.parquet").height == 600
    capsys.readouterr()
    assert run("score", "tabular", str(table), "--model", str(folder)) == 1
    assert "600 rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("train", "tabular"),
        ("train", "tabular", "TABLE"),
        ("train", "tabular", "TABLE", "--label", "nothing"),
        ("score", "tabular", "TABLE"),
        ("score", "tabular", "TABLE", "--model", "nowhere"),
    ],
)
def test_what_is_missing_is_said(words: tuple[str, ...], table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*(str(table) if w == "TABLE" else w for w in words)) == 3
    assert capsys.readouterr().err.startswith("vedette: ")
