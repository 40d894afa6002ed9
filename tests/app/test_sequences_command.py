from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app import sequences_command
from vedette.app.cli import main
from vedette.app.learn_command import Evaluation
from vedette.errors import DataError


def _fake(root: Path, seed: int, told: object = None) -> list[dict[str, float | str | int]]:
    return [{"set": "S", "family": "f", "configuration": "plain", "seed": seed, "auc": 0.5}]


@pytest.fixture(autouse=True)
def faked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sequences_command, "PROTOCOLS", {"fake": _fake})
    monkeypatch.setenv("VEDETTE_DATA", str(tmp_path))


def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "sequences", "--protocol", "fake", "--json", "--seeds", "1", "--quiet"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["protocol"] == "fake"


def test_an_unknown_protocol_is_named() -> None:
    with pytest.raises(DataError, match="sequences is called 'nothing'"):
        sequences_command.evaluate(Evaluation(protocols=("nothing",)))
