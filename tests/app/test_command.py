from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app import command
from vedette.app.command import FOUND, NOTHING, UNREADABLE, Wanted, events, scan
from vedette.app.drill import load_drill
from vedette.errors import ConfigError
from vedette.incidents.record import findings_batch
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.testing.made import finding


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_codes_are_those_of_the_documentation(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_text("")
    assert scan([str(tmp_path / "empty.log")], Wanted()) == UNREADABLE
    assert events([str(tmp_path / "none")], Wanted(json=True)) == UNREADABLE
    assert (NOTHING, FOUND, UNREADABLE) == (0, 1, 3)


def test_a_settings_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        scan([str(tmp_path)], Wanted(), tmp_path / "no.toml")


def test_the_drill_of_the_demo_is_shipped() -> None:
    assert load_drill().files.capture


def test_many_findings_are_written_part_by_part() -> None:
    many = [finding("203.0.113.7", "10.0.0.5", "T1110", at=n) for n in range(command.LINES + 1)]
    parts = list(command._lines(many, findings_batch))
    assert [p.count(b"\n") for p in parts] == [command.LINES, 1]
    assert b"".join(parts) == OcsfJson().encode(findings_batch(many))
