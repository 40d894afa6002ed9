from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vedette.app import memory
from vedette.app.local import scan
from vedette.config import Config
from vedette.errors import VedetteError

LINE = "2026-01-05T10:00:{:02}.000000+00:00 bastion sshd[1]: Failed password for root from 198.51.100.7 port {} ssh2\n"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_what_is_kept_comes_back_and_is_the_users_alone(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("".join(LINE.format(n, 4000 + n) for n in range(60)))
    with scan([str(tmp_path / "a.log")], Config()) as result:
        memory.keep(result)
        assert memory.recall().incidents == list(result.incidents)
        assert set(memory.recall().evidence) == set(result.evidence)
    assert b"actor.process" not in memory.path().read_bytes()  # only what is shown
    assert stat.S_IMODE(memory.path().stat().st_mode) == 0o600


def test_without_a_scan_or_with_a_damaged_one_it_says_so() -> None:
    with pytest.raises(VedetteError, match="no scan is remembered"):
        memory.recall()
    memory.path().parent.mkdir(parents=True)
    memory.path().write_text("{")
    with pytest.raises(VedetteError, match="damaged"):
        memory.recall()


def test_a_folder_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    (tmp_path / "a.log").write_text(LINE.format(1, 4000))
    with scan([str(tmp_path / "a.log")], Config()) as result:
        memory.keep(result)
    assert "cannot keep this scan" in capsys.readouterr().err


def test_two_scans_at_the_same_time_do_not_spoil_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.log").write_text("".join(LINE.format(n, 4000 + n) for n in range(60)))
    with scan([str(tmp_path / "a.log")], Config()) as result:
        with ThreadPoolExecutor(4) as several:
            list(several.map(memory.keep, [result] * 100))
        assert memory.recall().incidents == list(result.incidents)
    assert not capsys.readouterr().err
    assert [p.name for p in memory.path().parent.iterdir()] == ["last-scan.json"]


def test_what_cannot_be_moved_into_place_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.path().mkdir(parents=True)
    (tmp_path / "a.log").write_text(LINE.format(1, 4000))
    with scan([str(tmp_path / "a.log")], Config()) as result:
        memory.keep(result)
    assert "cannot keep this scan" in capsys.readouterr().err
    assert [p.name for p in memory.path().parent.iterdir()] == ["last-scan.json"]


def test_a_user_without_a_home_scans_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 9)  # as in a container that runs under any number
    (tmp_path / "a.log").write_text(LINE.format(1, 4000))
    with scan([str(tmp_path / "a.log")], Config()) as result:
        memory.keep(result)
    assert "cannot keep this scan" in capsys.readouterr().err
    with pytest.raises(VedetteError, match="no scan is remembered"):
        memory.recall()
