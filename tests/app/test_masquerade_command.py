from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app import masquerade_command
from vedette.app.cli import main
from vedette.app.learn_command import Evaluation
from vedette.errors import DataError


@pytest.fixture(autouse=True)
def faked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fake(root: Path, seed: int, told: object) -> list[dict[str, float | str | int]]:
        return [{"set": "S", "left_out": "all", "configuration": "habits", "seed": seed, "auc": 0.75}]

    monkeypatch.setattr(masquerade_command, "PROTOCOLS", {"purdue-10": fake})
    monkeypatch.setenv("VEDETTE_DATA", str(tmp_path))


def test_it_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "masquerade", "--seeds", "1"])
    assert ended.value.code == 0
    assert "| S | all | habits | 0.750 |" in capsys.readouterr().out


def test_an_unknown_protocol_is_told() -> None:
    with pytest.raises(DataError, match="no protocol of masquerade"):
        masquerade_command.evaluate(Evaluation(protocols=("nothing",)))
