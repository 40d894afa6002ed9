"""``vedette budget``: what to expect, from counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app import memory
from vedette.app.budget_command import budget, expected
from vedette.app.findings import Watch
from vedette.config import Config, parse

WEEK = 7 * 144
BUSY = Watch("url", 0.01, dict.fromkeys(range(WEEK), 1_000), [(slot, slot / WEEK / 100) for slot in range(WEEK)])
QUIET = Watch("spam", 0.01, dict.fromkeys(range(0, WEEK, 12), 5), [(0, 1e-6), (1, 0.5)])


def test_expected_alerts_follow_the_setting() -> None:
    told = expected([BUSY, QUIET], {"url": 9, "spam": 1, "brute_force": 14}, Config(), 7.0)
    settings = {s["alerts_per_day"]: s for s in told["settings"]}
    assert list(settings) == [5, 7, 10, 20, 50, 100]
    for setting, said in settings.items():
        assert said["expected_false_alerts_a_day"] == pytest.approx(setting, rel=0.2)
        assert said["alerts_in_this_data"] == sum(d["alerts_in_this_data"] for d in said["detectors"].values())
    alerts = [s["alerts_in_this_data"] for s in told["settings"]]
    assert alerts == sorted(alerts)
    assert alerts[0] < alerts[-1]
    assert settings[20]["detectors"]["spam"] == {"expected_false_alerts_a_day": 0.6, "alerts_in_this_data": 1}
    assert told["rules"] == {"alerts_in_this_data": 14, "detectors": {"brute_force": 14}}
    assert told["items_a_day"] == {"url": 144_000, "spam": 60}
    assert told["days"] == 7


def _remember(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, watched: list[Watch]) -> None:
    import msgspec  # noqa: PLC0415

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    memory._write(memory.path(), msgspec.json.encode(memory.LastScan([], {}, {}, watched, {"syn_flood": 2})))


def test_from_the_last_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _remember(tmp_path, monkeypatch, [BUSY, QUIET])
    assert budget([], as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == expected([BUSY, QUIET], {"syn_flood": 2}, Config())
    Path("vedette.toml").write_text("[budget]\nalerts_per_day = 3\n")
    assert budget([], tried=40.0) == 0
    out = capsys.readouterr().out
    for word in ("3 false alerts a day", "At 40: false a day", "144,000", "always alert: 2 here", "vedette.toml"):
        assert word in out


def test_more_alerts_than_benign_items_explain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = Watch("web", 0.01, dict.fromkeys(range(WEEK), 10), [(slot, 1e-9) for slot in range(WEEK)])
    _remember(tmp_path, monkeypatch, [odd, QUIET])
    assert budget([]) == 0
    out = capsys.readouterr().out
    assert "web: far more alerts than benign items explain" in out
    assert "spam: far" not in out


def test_nothing_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _remember(tmp_path, monkeypatch, [])
    assert budget([]) == 0
    assert "No learned detector judged anything" in capsys.readouterr().out
    assert budget(["absent.log"], quiet=True) == 3


def test_the_setting_is_checked() -> None:
    assert parse("[budget]\nalerts_per_day = 0\n").budget.alerts_per_day == 0
