from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vedette.app import drill_command
from vedette.app.cli import app


def test_it_writes_or_plays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    def write(name: str, out: Path, *, as_json: bool) -> int:
        done.append((name, out, as_json))
        return 0

    def live(*told: object, **more: object) -> int:
        done.append((told, more))
        return 1

    monkeypatch.setattr(drill_command, "write", write)
    monkeypatch.setattr(drill_command, "live", live)
    assert CliRunner().invoke(app, ["drill", "office-day", "--out", str(tmp_path), "--json"]).exit_code == 0
    assert CliRunner().invoke(app, ["drill", "--live", "--rounds", "3", "--token", "t"]).exit_code == 1
    assert done == [
        ("office-day", tmp_path, True),
        (
            ("http://127.0.0.1:8751", "http://127.0.0.1:8750", "t"),
            {"rounds": 3, "seconds": 10.0, "as_json": False},
        ),
    ]
