from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from vedette.app import pulse
from vedette.app.cli import app

HEALTH = {
    "status": "degraded",
    "position": 1234,
    "lag_seconds": 0.5,
    "backlog_bytes": 0,
    "started": "2026-01-05T12:00:00Z",
    "inputs": [
        {"name": "syslog 2", "transport": "syslog", "last_seen": None, "error": "the port is taken", "dropped": 7}
    ],
    "sinks": [],
    "checkpoint_age_seconds": 12.0,
    "problems": ["syslog 2: the port is taken\x1b[2J"],
}


@pytest.mark.parametrize(("status", "code"), [("ok", 0), ("degraded", 1), ("broken", 1)])
def test_a_running_service_is_asked_how_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: str, code: int
) -> None:
    asked = []

    def get(api: str, path: str, token: str) -> dict[str, object]:
        asked.append((api, path, token))
        return {**HEALTH, "status": status}

    monkeypatch.setattr(pulse, "get_json", get)
    assert pulse.feel("http://a/", "t", as_json=False) == code
    told = capsys.readouterr()
    assert asked == [("http://a", "/api/v1/health", "t")]
    assert f"{status}; judged up to record 1,234" in told.out
    assert "7 dropped" in told.out.replace("\n", " ")
    assert "the port is taken" in told.err
    assert "\x1b[2J" not in told.err
    pulse.feel("http://a", "", as_json=True)
    assert json.loads(capsys.readouterr().out)["status"] == status


def test_doctor_asks_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    def feel(api: str, token: str, *, as_json: bool) -> int:
        done.append((api, token, as_json))
        return 1

    monkeypatch.setattr(pulse, "feel", feel)
    assert CliRunner().invoke(app, ["doctor", "--api", "http://a", "--json"]).exit_code == 1
    assert done == [("http://a", "", True)]
