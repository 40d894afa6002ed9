"""``vedette train fraud``, and then a scan with the model in use."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from vedette.app import fraud_command, local
from vedette.app.cli import main
from vedette.config import Config
from vedette.learning import registry
from vedette.learning.fraud.evaluate import Result
from vedette.testing.events import START
from vedette.testing.payments import made_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "home"))
    rows = [
        {
            "time": START + timedelta(days=d),
            "card": a,
            "terminal": p,
            "amount": round(x, 2),
            "fraud": y,
            "label_time": START + timedelta(days=k or 0),
        }
        for d, a, p, x, y, k in made_site(seed=1)
    ]
    path = tmp_path / "payments.csv"
    pl.DataFrame(rows).write_csv(path)
    return path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def test_train_use_scan_score(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with local.scan([str(site)], Config()) as before:
        assert not [i for i in before.idle if i.broke]
        assert any(i.detector == "fraud" and "vedette train fraud" in i.reason for i in before.idle)
    assert run("train", "fraud", str(site), "-q", "--json") == 0
    card = json.loads(capsys.readouterr().out)
    assert card["left_out"]["auc"] > 0.8
    assert run("models", "use", "fraud", card["version"]) == 0
    with local.scan([str(site)], Config()) as after:
        found = [f for f in after.findings if f.detector == "fraud" and f.alert]
        assert found
        assert all(f.reasons and f.evidence for f in found)
    capsys.readouterr()
    assert run("score", "fraud", str(site), "--json", "--reasons", "2", "-q") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 40 * 40 * 2
    assert " > place-" in rows[0]["item"]


def test_training_without_payments_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "x.txt"
    empty.write_text("nothing\n")
    assert run("train", "fraud", str(empty), "-q") == 3
    assert "no payments were read" in capsys.readouterr().err
    assert run("train", "fraud", "-q") == 3


def test_the_page_tells_means_over_weeks_and_ranges_over_seeds() -> None:
    base: Result = {"part": "test", "payments": 10, "frauds": 1, "auc": 0.5, "card_precision": 0.25}
    found: list[Result] = [
        {**base, "configuration": "a", "seed": s, "fold": f"2018-07-0{w}", "average_precision": 0.1 * (s + 1) + 0.2 * w}
        for s in range(2)
        for w in range(2)
    ]
    page = fraud_command.page(found)
    assert "## test: 2 weeks, 20 payments, 2 frauds" in page
    assert "| a | 0.500 | 0.250 (0.200 to 0.300) | 0.250 | 2 |" in page
