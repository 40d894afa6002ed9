"""The commands as a user calls them: output, files, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from vedette.app.cli import main
from vedette.errors import VedetteError

LOG = "".join(
    f"2026-01-05T10:{n // 60:02}:{n % 60:02}.000000+00:00 bastion sshd[{n}]: "
    f"Failed password for root from 198.51.100.7 port {40_000 + n} ssh2\n"
    for n in range(120)
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "auth.log").write_text(LOG)
    (tmp_path / "quiet.log").write_text(LOG.splitlines()[0] + "\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_scan_tells_what_happened_and_exits_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", "auth.log", "picture.png") == 1
    out = capsys.readouterr().out
    for word in ("198.51.100.7", "bastion", "T1110", "auth.log", "picture.png", "skipped", "block_address"):
        assert word in out


def test_nothing_found_is_0_and_nothing_readable_is_3(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", "quiet.log") == 0
    assert "No incident" in capsys.readouterr().out
    assert run("scan", "picture.png") == 3
    got = capsys.readouterr()
    assert "nothing could be read" in got.err
    assert "No incident" not in got.out
    assert run("scan", "absent.log") == 3


@pytest.mark.parametrize(
    "arguments", [("scan",), ("scan", "--colour", "x"), ("fly",), ("scan", "auth.log", "--config", "no.toml")]
)
def test_usage_is_2(here: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments) == 2


def test_a_bad_setting_stops_the_start_with_its_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "vedette.toml").write_text("[network]\ninternl = []\n")
    assert run("scan", "auth.log") == 2
    assert "vedette.toml:2" in capsys.readouterr().err
    (here / "vedette.toml").write_text("[detectors]\ndisabled = ['no_such']\n")
    assert run("scan", "auth.log") == 2
    assert "no_such" in capsys.readouterr().err


def test_a_disabled_detector_is_silent(here: Path) -> None:
    (here / "vedette.toml").write_text(
        "[detectors]\ndisabled = ['brute_force', 'password_spray', 'distributed_guessing']\n"
    )
    assert run("scan", "auth.log") == 0


def test_json_lines_are_ocsf(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("scan", "auth.log", "--json") == 1
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert {line["class_uid"] for line in lines} == {2004, 2005}
    assert all(line["metadata"]["version"] == "1.8.0" for line in lines)


def test_html_and_parquet_are_written(here: Path) -> None:
    assert run("scan", "auth.log", "--html", "out/report.html", "--parquet", "tables") == 1
    page = (here / "out" / "report.html").read_text()
    assert "198.51.100.7" in page
    assert "<script" not in page
    findings = pl.read_parquet(here / "tables" / "class=2004" / "*.parquet", hive_partitioning=False)
    assert findings.height >= 1
    assert pl.read_parquet(here / "tables" / "class=3002" / "*.parquet", hive_partitioning=False).height == 120


def test_a_scan_can_be_explained_later(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("scan", "auth.log")
    state = here / "state" / "vedette" / "last-scan.json"
    assert state.stat().st_mode & 0o077 == 0
    incident = json.loads(state.read_text())["incidents"][0]
    capsys.readouterr()
    assert run("explain", incident["uid"]) == 0
    out = capsys.readouterr().out
    assert "failed" in out
    assert "nft" in out
    assert run("explain", incident["findings"][0]["uid"][:10], "--json") == 0
    assert run("explain", "brute_force") == 0
    assert "Blind spots" in capsys.readouterr().out
    assert run("explain", "zzz") == 3


def test_events_shows_what_a_source_made(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("events", "auth.log") == 0
    assert b"Authentication" in capfdbinary.readouterr().out
    assert run("events", "auth.log", "--json") == 0
    assert len(capfdbinary.readouterr().out.splitlines()) == 120
    assert run("events", "auth.log", "--parquet", "tables") == 0
    assert pl.read_parquet(here / "tables" / "class=3002" / "*.parquet", hive_partitioning=False).height == 120
    assert run("events", "picture.png") == 3


def test_doctor_says_why_a_detector_cannot_run(here: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("doctor", "auth.log", "--json") == 0
    told = {d["detector"]: d for d in json.loads(capfdbinary.readouterr().out)}
    assert told["brute_force"]["ran"]
    assert told["port_scan_vertical"]["reason"] == "no Network Activity in the input"
    assert run("doctor") == 0
    assert b"limits.memory_mb" in capfdbinary.readouterr().out


def test_standard_input_is_an_input(here: Path) -> None:
    command = [sys.executable, "-m", "vedette", "scan", "-", "--json"]
    environment = {**os.environ, "XDG_STATE_HOME": str(here / "state")}
    done = subprocess.run(command, input=LOG.encode(), capture_output=True, env=environment, check=False)  # noqa: S603 - ourselves
    assert done.returncode == 1, done.stderr
    assert b"198.51.100.7" in done.stdout


def test_hostile_names_cannot_steer_the_terminal(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "auth.log").write_text(LOG.replace("for root", "for \x1b[2Jro[red]ot\u202e"))
    run("scan", "auth.log")
    out = capsys.readouterr().out
    assert "\x1b[2J" not in out
    assert "\u202e" not in out


def test_a_deliberate_error_is_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", "anything") == 3
    err = capsys.readouterr().err
    assert err.startswith("vedette: no scan is remembered")
    assert "Traceback" not in err
    assert issubclass(VedetteError, Exception)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_is_neither_an_incident_nor_a_traceback(here: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "vedette", "scan", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:  # noqa: S603
        time.sleep(1.5)  # it waits for standard input by now
        running.send_signal(number)
        _, err = running.communicate(timeout=30)
    assert running.returncode == code
    assert b"Traceback" not in err


@pytest.mark.parametrize("flags", [("--html", "auth.log/report.html"), ("--html", "."), ("--parquet", "auth.log")])
def test_what_cannot_be_written_is_told_before_anything_is_read(
    here: Path, flags: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("scan", "auth.log", *flags) == 2
    got = capsys.readouterr()
    assert got.err.startswith("vedette: ")
    assert "Traceback" not in got.err
    assert not got.out
    assert not (here / "state").exists()


def test_what_fails_while_it_is_written_is_not_an_incident(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", "auth.log", "--html", "r" * 300) == 3
    assert "File name too long" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["scan", "events"])
def test_a_reader_that_goes_away_is_neither_an_incident_nor_a_traceback(here: Path, command: str) -> None:
    line = [sys.executable, "-m", "vedette", command, "auth.log", "--json"]
    environment = {**os.environ, "XDG_STATE_HOME": str(here / "state")}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as running:  # noqa: S603
        assert running.stdout
        running.stdout.close()
        assert running.stderr
        err = running.stderr.read()
    assert running.returncode == 141
    assert err == b""


def test_a_terminal_without_unicode_gets_no_traceback(here: Path) -> None:
    command = [sys.executable, "-m", "vedette", "explain", "brute_force"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)  # noqa: S603 - ourselves
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"Password brute force ? medium" in done.stdout


def test_help_does_not_load_the_heavy_parts() -> None:
    code = "import sys; from vedette.app import cli; print(sorted({'polars', 'numpy', 'jinja2', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["scan", "events"])
def test_no_event_is_in_the_tables_twice(here: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(command, "auth.log", "--parquet", "tables")
    assert run(command, "auth.log", "--parquet", "tables") == 2
    assert "holds tables already" in capsys.readouterr().err
    assert pl.read_parquet(here / "tables" / "class=3002" / "*.parquet", hive_partitioning=False).height == 120
