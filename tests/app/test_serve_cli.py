from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vedette.app import serve_command
from vedette.app.cli import app


def test_settings_and_folder_are_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    def run(config: Path | None, folder: Path | None) -> int:
        done.append((config, folder))
        return 0

    monkeypatch.setattr(serve_command, "run", run)
    assert CliRunner().invoke(app, ["serve"]).exit_code == 0
    assert CliRunner().invoke(app, ["serve", "--config", "a.toml", "--folder", str(tmp_path)]).exit_code == 0
    assert done == [(None, None), (Path("a.toml"), tmp_path)]
