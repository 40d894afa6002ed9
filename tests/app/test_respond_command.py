"""From a scan's proposal to a packet that does not arrive, and arrives again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from vedette.app import memory, respond_command
from vedette.app.memory import LastScan
from vedette.errors import ConfigError, Refused
from vedette.response.actions import block_address
from vedette.response.actions.block_address import BlockAddress
from vedette.testing.incidents import some_incident

ATTACKER, SERVER = "203.0.113.7", "198.51.100.5"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder with a scan that proposes to block somebody, and settings that allow it with a yes."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    incident = some_incident(actor=ATTACKER)
    plan = BlockAddress().plan(incident, incident.actors[0])
    kept = memory.path()
    kept.parent.mkdir(parents=True)
    kept.write_bytes(msgspec.json.encode(LastScan([incident], {incident.uid: [plan]}, {})))
    (tmp_path / "vedette.toml").write_text('[response]\nactions = {block_address = "approve"}\n')
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *, everything: bool = False) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert respond_command.show(None, everything=everything, as_json=True) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["requests"]
    return found


def test_without_a_scan_nothing_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert respond_command.show(None, everything=False, as_json=False) == 0
    assert "Nothing waits" in capsys.readouterr().out
    assert respond_command.verify(as_json=False) == 0
    assert "no journal yet" in capsys.readouterr().out
    with pytest.raises(Refused, match="no such request"):
        respond_command.approve("abc", "ada", None, as_json=False)


def test_by_default_a_yes_carries_nothing_out(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (state / "vedette.toml").unlink()
    (row,) = listed(capsys)
    assert row["guard"].startswith("no: block_address is in mode suggest")
    assert respond_command.approve(row["uid"], "ada", None, as_json=False) == 1
    assert "Not carried out: block_address is in mode suggest" in capsys.readouterr().out


def test_approved_done_undone_and_verified(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    monkeypatch.setattr(block_address, "_complaint", lambda argv: told.append(argv[-1]))
    (row,) = listed(capsys)
    assert row["guard"] == "ask a person: a person must approve"
    assert respond_command.approve(row["uid"][:6], "ada", None, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "in force"
    (row,) = listed(capsys)
    assert (row["status"], row["approved_by"]) == ("in force", ["ada@shell"])
    assert respond_command.undo(row["uid"], "eve", "a mistake", None) == 0
    assert listed(capsys) == []
    assert [r["status"] for r in listed(capsys, everything=True)] == ["undone"]
    assert [c.split()[0] for c in told] == ["add", "delete"]
    assert respond_command.verify(as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == 6


def test_the_kill_switch_and_the_way_back(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(block_address, "_complaint", lambda _: None)
    (row,) = listed(capsys)
    assert respond_command.stop("eve", None) == 0
    assert respond_command.approve(row["uid"], "ada", None, as_json=False) == 1
    assert "everything was stopped by eve" in capsys.readouterr().out
    assert respond_command.resume("eve", None) == 0
    assert respond_command.approve(row["uid"], "ada", None, as_json=False) == 0
    assert respond_command.tick(None) == 0


def test_rejected(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = listed(capsys)
    assert respond_command.reject(row["uid"], "", "ours", None) == 0
    assert listed(capsys) == []


def test_settings_that_are_wrong_stop_it(state: Path) -> None:
    (state / "vedette.toml").write_text('[response]\ntargets = {planet = "approve"}\n')
    with pytest.raises(ConfigError, match="no such kind of target: 'planet'"):
        respond_command.show(None, everything=False, as_json=True)


# ------------------------------------------------------------------------------------------------------- a real gateway

TABLE = """
table inet vedette {
  set blocked4 { type ipv4_addr; flags timeout; }
  set blocked6 { type ipv6_addr; flags timeout; }
  chain forward {
    type filter hook forward priority -10; policy accept;
    ip saddr @blocked4 drop
    ip daddr @blocked4 drop
  }
}
"""
TALK = f"import socket; socket.create_connection(('{SERVER}', 7), timeout=2).close()"
LISTEN = "import socket, time; s = socket.create_server(('', 7)); print('up', flush=True); time.sleep(120)"


def _run(*words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the words are this test's own
        words, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def gateway() -> Iterator[str]:
    """Three network namespaces of this test alone: an attacker, a gateway with the table, a server; yields the gateway's name."""
    for program in ("ip", "nft"):
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
            pytest.skip(f"needs {program}")
    names = {who: f"vt{os.getpid()}{who[0]}" for who in ("attacker", "gateway", "server")}
    a, g, s = names.values()
    try:
        if any(_run("ip", "netns", "add", name).returncode for name in names.values()):
            pytest.skip("needs the right to make network namespaces")
        ends = ((a, "a0", "g0", ATTACKER, "203.0.113.1"), (s, "s0", "g1", SERVER, "198.51.100.1"))
        for end, mine, theirs, here, there in ends:
            commands = [
                f"ip link add {mine} netns {end} type veth peer name {theirs} netns {g}",
                f"ip -n {end} addr add {here}/24 dev {mine}",
                f"ip -n {g} addr add {there}/24 dev {theirs}",
                f"ip -n {end} link set {mine} up",
                f"ip -n {g} link set {theirs} up",
                f"ip -n {end} route add default via {there}",
            ]
            for command in commands:
                made = _run(*command.split())
                assert not made.returncode, f"{command}: {made.stderr}"
        assert not _run("ip", "netns", "exec", g, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward").returncode
        assert not _run("ip", "netns", "exec", g, "nft", "-f", "-", stdin=TABLE).returncode
        words = ["ip", "netns", "exec", s, sys.executable, "-c", LISTEN]
        listening = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - the words are this test's own
        try:
            assert listening.stdout is not None
            assert listening.stdout.readline() == "up\n"
            yield g
        finally:
            listening.kill()
            listening.communicate()
    finally:
        for name in names.values():
            with suppress(OSError):
                _run("ip", "netns", "del", name)


@pytest.mark.slow
def test_packets_flow_are_blocked_and_flow_again(gateway: str, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    attacker = gateway[:-1] + "a"

    def arrives() -> bool:
        return not _run("ip", "netns", "exec", attacker, sys.executable, "-c", TALK).returncode

    def vedette(*words: str) -> str:
        done = _run("ip", "netns", "exec", gateway, sys.executable, "-m", "vedette", "respond", *words)
        assert not done.returncode, done.stderr
        return done.stdout

    deadline = time.monotonic() + 20
    while not arrives():
        assert time.monotonic() < deadline, "the namespaces never connected"
    uid = json.loads(vedette("list", "--json"))["requests"][0]["uid"]
    assert f"Done: block_address on {ATTACKER}" in vedette("approve", uid, "--as", "ada")
    assert not arrives()
    assert "Undone" in vedette("undo", uid, "--as", "eve")
    assert arrives()
    assert "6 lines" in vedette("verify")
