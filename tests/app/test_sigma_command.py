from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app.sigma_command import check
from vedette.errors import ConfigError
from vedette.testing.sigma import rule_text

GOOD = rule_text("sel:\n    Image: x\ncondition: sel", title="Good")
UNREAD = rule_text("sel:\n    Image: x\ncondition: sel", title="Unread", source="category: file_rename")
EVENT = {
    "EventID": 1,
    "SourceName": "Microsoft-Windows-Sysmon",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Hostname": "ws7",
    "UtcTime": "2026-01-05 08:00:00.000",
    "Image": "C:\\x.exe",
}


def _rules(folder: Path, *texts: str) -> str:
    (folder / "rules").mkdir()
    for n, text in enumerate(texts):
        (folder / "rules" / f"{n}.yml").write_text(text)
    return str(folder / "rules")


def test_rules_that_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check([_rules(tmp_path, GOOD, UNREAD)]) == 0
    told = capsys.readouterr().out
    assert "2 rules" in told
    assert "no source reads this log" in told


def test_a_broken_rule_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check([_rules(tmp_path, GOOD, "title: [")], as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["rules"] == 1
    assert told["broken"][0]["line"] == 1
    assert told["broken"][0]["path"].endswith("1.yml")


def test_held_against_logs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs = rule_text("sel:\n    Company: x\ncondition: sel", title="Needs")
    (tmp_path / "events.json").write_text(json.dumps(EVENT) + "\n")
    assert check([_rules(tmp_path, GOOD, needs)], [str(tmp_path / "events.json")], as_json=True, quiet=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["events"] == 1
    assert [(s["title"], s["fields"]) for s in told["silent"]] == [("Needs", ["Company"])]


def test_logs_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing.bin").write_bytes(b"\x00\x01")
    assert check([_rules(tmp_path, GOOD)], [str(tmp_path / "nothing.bin")], quiet=True) == 3
    capsys.readouterr()


def test_rules_of_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "vedette.toml"
    settings.write_text("")
    with pytest.raises(ConfigError, match="no Sigma rules"):
        check([], config_file=settings)
    settings.write_text(f'[sigma]\npaths = ["{_rules(tmp_path, GOOD)}"]\n')
    assert check([], config_file=settings, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["rules"] == 1
