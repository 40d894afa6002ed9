from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app import tabular_command
from vedette.app.cli import main
from vedette.app.learn_command import Evaluation
from vedette.errors import DataError


def _fake(root: Path, seed: int, told: object = None) -> list[dict[str, float | str | int]]:
    return [
        {
            "set": "S",
            "configuration": c,
            "seed": seed,
            "left_out": k,
            "recall": (seed + n) / 4,
            "auc": 0.5 if k == "worm" else float("nan"),
        }
        for n, c in enumerate(("plain", "ours"))
        for k in ("scan", "worm")
    ]


@pytest.fixture(autouse=True)
def faked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tabular_command, "PROTOCOLS", {"fake": _fake})
    monkeypatch.setenv("VEDETTE_DATA", str(tmp_path))


def test_a_page_has_means_over_seeds_and_the_macro() -> None:
    page = tabular_command.page("fake", [*_fake(Path(), 0), *_fake(Path(), 2)])
    assert page.startswith("## fake (2 seeds)")
    assert "| S | scan | plain | 0.250 | - |" in page
    assert "| S | macro | ours | 0.500 | 0.500 |" in page


def test_results_are_written(tmp_path: Path) -> None:
    assert tabular_command.evaluate(Evaluation(seeds=2, out=tmp_path / "out", quiet=True)) == 0
    lines = [json.loads(line) for line in (tmp_path / "out" / "fake.jsonl").read_text().splitlines()]
    assert len(lines) == 8
    assert lines[0]["seed"] == 0
    assert (lines[0]["left_out"], lines[0]["auc"], lines[1]["auc"]) == ("scan", None, 0.5)


def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "tabular", "--protocol", "fake", "--json", "--seeds", "1", "--quiet"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["protocol"] == "fake"


def test_an_unknown_protocol_is_named() -> None:
    with pytest.raises(DataError, match="nothing"):
        tabular_command.evaluate(Evaluation(protocols=("nothing",)))
