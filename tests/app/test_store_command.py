"""Backups from the command line's side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app import memory
from vedette.app.cli import main
from vedette.app.store_command import live_folder, store_url
from vedette.config import Config, parse
from vedette.store.state.connect import file_url
from vedette.store.state.state import State
from vedette.store.state.stored import IncidentFilter
from vedette.store.state.work import Work
from vedette.testing.incidents import some_incident

LINE = b'{"n":0}\n'


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VEDETTE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def journal() -> Path:
    return memory.path().parent / "response" / "journal.jsonl"


def begin(uid: str = "i1") -> None:
    """Make a store where the live service has it, and a journal."""
    state = State.open(store_url(Config()))
    state.commit(Work(1, incidents=[some_incident(uid)]))
    state.close()
    journal().parent.mkdir(parents=True, exist_ok=True)
    journal().write_bytes(LINE)


def held() -> set[str]:
    state = State.open(store_url(Config()), create=False)
    found = {i.incident.uid for i in state.incidents(IncidentFilter()).items}
    state.close()
    return found


def test_the_store_lies_where_the_settings_say(tmp_path: Path) -> None:
    assert live_folder(parse('[serve]\nfolder = "/srv/v"')) == Path("/srv/v")
    assert live_folder(Config()) == tmp_path / "VEDETTE_HOME" / "live"
    assert store_url(parse('[serve]\nfolder = "/srv/v"')) == file_url(Path("/srv/v/state.db"))
    assert store_url(parse('[store]\nurl = "postgresql://h/v"')) == "postgresql://h/v"
    assert store_url(Config(), Path("/x")) == file_url(Path("/x/state.db"))


def test_a_backup_is_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin()
    assert run("backup", "b.zip") == 0
    assert "1 incidents, 1 findings" in capsys.readouterr().out
    Path(live_folder(Config()) / "state.db").unlink()
    journal().unlink()
    assert run("restore", "b.zip") == 0
    assert held() == {"i1"}
    assert journal().read_bytes() == LINE


def test_a_program_can_read_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    begin()
    assert run("backup", "b.zip", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["rows"]["incidents"], made["journal"], made["bytes"]) == (1, 1, Path("b.zip").stat().st_size)
    assert run("restore", "b.zip", "--force", "--json") == 0
    moved = json.loads(capsys.readouterr().out)["moved"]
    assert [Path(m).exists() for m in moved] == [True]


def test_what_is_there_is_not_overwritten_unless_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    begin("old")
    run("backup", "b.zip")
    begin("new")
    assert run("restore", "b.zip") == 3
    assert "--force" in capsys.readouterr().err
    assert held() == {"old", "new"}
    assert run("restore", "b.zip", "--force") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "What was there before:" in said
    assert "and not in the store now: 0 findings, 1 incidents, 0 verdicts." in said
    assert held() == {"old"}
    assert run("restore", "b.zip", "--force") == 0
    assert "Nothing was found between" in " ".join(capsys.readouterr().out.split())


def test_without_a_store_there_is_nothing_to_keep(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("backup", "b.zip") == 3
    assert "there is no store" in capsys.readouterr().err
    assert not (tmp_path / "b.zip").exists()


def test_a_damaged_backup_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 but no more")
    assert run("restore", "b.zip") == 3
    assert capsys.readouterr().err.startswith("vedette: the backup is damaged")
    assert run("restore", "absent.zip") == 3


def test_the_settings_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(f'[serve]\nfolder = "{tmp_path}/other"\n')
    State.open(file_url(tmp_path / "other" / "state.db")).close()
    assert run("backup", "b.zip", "--config", "other.toml") == 0
    assert run("restore", "b.zip", "--config", "other.toml") == 0


def test_the_folder_may_be_said_as_to_the_service(tmp_path: Path) -> None:
    State.open(file_url(tmp_path / "third" / "state.db")).close()
    assert run("backup", "b.zip") == 3
    assert run("backup", "b.zip", "--folder", "third") == 0
    assert run("restore", "b.zip", "--folder", "fourth") == 0
    assert (tmp_path / "fourth" / "state.db").stat().st_size
