from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from vedette.app.cli import app


def test_the_command_is_there_and_reads_its_arguments(tmp_path: Path) -> None:
    settings = tmp_path / "vedette.toml"
    settings.write_text(
        f"""
        [[sinks]]
        name = "one"
        delivery = "file"
        path = "{tmp_path}/one.jsonl"

        [[sinks]]
        name = "two"
        delivery = "file"
        path = "{tmp_path}/two.jsonl"
        """
    )
    done = CliRunner().invoke(app, ["sinks", "test", "two", "--json", "--config", str(settings)])
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)
    assert (told["sink"], told["arrived"]) == ("two", True)
    assert not (tmp_path / "one.jsonl").exists()
    assert "TEST" in (tmp_path / "two.jsonl").read_text()
