from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.app.live.conftest import FEW

from vedette.abc import Detector
from vedette.app.api.service import Condition
from vedette.app.live import service as module
from vedette.app.live.service import LiveService, inputs_of
from vedette.config import Config, parse
from vedette.errors import ConfigError, StoreError
from vedette.plugins import discover
from vedette.store import lock

HEAD = f"[detectors]\ndisabled = {sorted(set(discover(Detector)) - set(FEW))}\n[api]\nport = 0\n[serve]\nlook_seconds = 0.1\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


class Running:
    """A service in a thread."""

    def __init__(self, folder: Path, inputs: str) -> None:
        self.service = LiveService(parse(HEAD + inputs), folder)
        self._thread = threading.Thread(target=self.service.run, daemon=True)
        self._thread.start()
        until(lambda: bool(self.service.listener.url) and self.service.loop.standing.caught_up)

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        with urllib.request.urlopen(self.service.listener.url + path, timeout=10) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def stop(self) -> None:
        self.service.stop()
        self._thread.join(60)
        assert not self._thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    made: list[Running] = []

    def begin(inputs: str) -> Running:
        made.append(Running(tmp_path / "live", inputs))
        return made[-1]

    yield begin
    for running in made:
        if running._thread.is_alive():
            running.stop()


def _guess(path: Path, count: int, first: int = 0) -> None:
    with path.open("a") as log:
        for n in range(first, first + count):
            said = f"Failed password for root from 203.0.113.66 port {n + 2000} ssh2"
            log.write(f"{datetime.now(UTC).isoformat()} bastion sshd[{n}]: {said}\n")


def test_a_line_in_a_file_becomes_an_incident_in_the_api_also_over_a_restart(
    tmp_path: Path, start: Callable[[str], Running]
) -> None:
    log = tmp_path / "auth.log"
    log.touch()
    inputs = f'[[inputs]]\ntransport = "tail"\npath = "{log}"\nbegin = "start"\n'
    running = start(inputs)
    _guess(log, 40)
    until(lambda: bool(running.get("/api/v1/incidents")["items"]))
    (before,) = running.get("/api/v1/incidents")["items"]
    assert before["title"] == "203.0.113.66 guessed passwords on bastion"
    assert running.get("/api/v1/health")["status"] == "ok"
    running.stop()
    _guess(log, 20, 40)  # while nobody listens
    again = start(inputs)
    until(lambda: again.get("/api/v1/incidents")["items"][0]["last_seen"] > before["last_seen"])
    (after,) = again.get("/api/v1/incidents")["items"]
    assert (after["uid"], after["first_seen"]) == (before["uid"], before["first_seen"])
    (finding,) = again.get("/api/v1/findings")["items"]
    assert "60 times" in finding["summary"]


def test_a_transport_that_cannot_begin_is_told_and_others_go_on(
    tmp_path: Path, start: Callable[[str], Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.1)
    log = tmp_path / "auth.log"
    running = start(
        f'[[inputs]]\ntransport = "http"\nlisten = "192.0.2.1:9"\nbehind_proxy = true\ntokens = ["sha256:{"0" * 64}"]\n'
        f'[[inputs]]\ntransport = "tail"\npath = "{log}"\n'
    )
    until(lambda: running.service.health().status is Condition.DEGRADED)
    assert "http 1" in " ".join(running.service.health().problems)
    _guess(log, 40)
    until(lambda: bool(running.get("/api/v1/incidents")["items"]))


def test_who_waits_for_changes_is_told(tmp_path: Path, start: Callable[[str], Running]) -> None:
    log = tmp_path / "auth.log"
    running = start(f'[[inputs]]\ntransport = "tail"\npath = "{log}"\n')
    assert running.service.wait(0, 0.01) == 0
    threading.Timer(0.1, _guess, (log, 40)).start()
    assert running.service.wait(0, 60) > 0


def test_where_no_inputs_are_named_shippers_and_syslog_of_this_machine_are_listened_to() -> None:
    named = inputs_of(Config())
    assert [n.name for n in named] == ["http 1", "syslog 2", "syslog 3"]
    assert all("127.0.0.1" in str(n.transport.settings) for n in named)


def test_a_wrong_setting_stops_the_start_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        LiveService(
            parse(HEAD + '[[inputs]]\ntransport = "tail"\n[[inputs]]\ntransport = "syslog"\nlissten = "x"\n'), tmp_path
        )
    assert caught.value.where == "inputs[0].path"


def test_two_services_do_not_share_a_folder(
    tmp_path: Path, start: Callable[[str], Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    start('[[inputs]]\ntransport = "tail"\npath = "/nowhere"\n')
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    with pytest.raises(StoreError, match="another process"):
        LiveService(parse(HEAD), tmp_path / "live")


def test_a_loop_that_breaks_ends_the_service_with_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = LiveService(parse(HEAD + '[[inputs]]\ntransport = "tail"\npath = "/nowhere"\n'), tmp_path / "live")

    def breaks() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(service.loop, "run", breaks)
    with pytest.raises(ZeroDivisionError):
        service.run()
    assert service.health().status is Condition.BROKEN


def test_only_its_owner_reads_what_it_keeps(start: Callable[[str], Running], tmp_path: Path) -> None:
    """Also where the folder was there before with wider rights, as systemd and mkdir make it."""
    folder = tmp_path / "live"
    folder.mkdir(mode=0o755)
    drop = tmp_path / "drop.log"
    _guess(drop, 30)
    running = start(f'[[inputs]]\ntransport = "tail"\npath = "{drop}"\nbegin = "start"\n')
    until(lambda: running.get("/api/v1/health")["position"] > 0)
    running.stop()
    found = {path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_dir()} == {0o700}
    assert {"log", "lake", "checkpoints", "state.db"} <= set(found)
    assert found["state.db"] == 0o600
    assert {mode for name, mode in found.items() if name.endswith((".log", ".parquet"))} == {0o600}


def test_with_pseudonyms_no_name_is_kept_but_in_the_log_of_what_came(
    start: Callable[[str], Running], tmp_path: Path
) -> None:
    drop, folder = tmp_path / "drop.log", tmp_path / "live"
    _guess(drop, 30)
    text = drop.read_text()
    drop.write_text(
        text.replace("Failed password for root", "Accepted password for victoria")
        + text.replace(" root ", " victoria ")
    )
    running = start(f'[privacy]\npseudonyms = true\n[[inputs]]\ntransport = "tail"\npath = "{drop}"\nbegin = "start"\n')
    until(lambda: bool(running.get("/api/v1/incidents")["items"]))
    told = json.dumps([running.get(f"/api/v1/{what}") for what in ("incidents", "findings", "entities")])
    running.stop()
    assert "user-" in told
    assert "victoria" not in told
    kept = [p for p in folder.rglob("*") if p.is_file()]
    assert any(p.suffix == ".parquet" for p in kept)
    for path in kept:
        if path.suffix == ".parquet":
            assert "victoria" not in pl.read_parquet(path).write_ndjson(), path
        elif path.parent.name != "log":
            assert b"victoria" not in path.read_bytes(), path
    assert any(
        b"victoria" in p.read_bytes() for p in (folder / "log").iterdir()
    )  # until two checkpoints have it behind them
