"""The whole of it, as an operator has it: a gateway that serves, an attack from outside, a block that a person approves, and its end.

Real packets in network namespaces: needs root, nftables and iproute2.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TABLE = """
table inet vedette {
  set blocked4 { type ipv4_addr; flags timeout; }
  set blocked6 { type ipv6_addr; flags timeout; }
  chain forward { type filter hook forward priority -10; policy accept; ip saddr @blocked4 drop; ip daddr @blocked4 drop; }
}
"""
INTRUDER, SERVER = "203.0.113.20", "10.99.10.22"
KNOCK = f"import socket; socket.create_connection(('{SERVER}', 8080), 1.5).close()"


@dataclass
class Net:
    """Three namespaces: a gateway between an outside and an inside."""

    name: str

    def run(self, place: str, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program in a namespace."""
        command = ["ip", "netns", "exec", self.name + place, *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603

    def flows(self) -> bool:
        """Return whether the intruder reaches the server."""
        return self.run("out", sys.executable, "-c", KNOCK).returncode == 0


def _ip(*words: str) -> int:
    return subprocess.run(["ip", *words], capture_output=True, timeout=30, check=False).returncode  # noqa: S603, S607


@pytest.fixture
def net() -> Iterator[Net]:
    if not all(map(shutil.which, ("ip", "nft", "curl"))):
        pytest.skip("needs nftables, iproute2 and curl")
    name = f"vw{os.getpid()}"
    if _ip("netns", "add", name + "gw"):
        pytest.skip("needs the right to make network namespaces")
    made = Net(name)
    server = None
    try:
        for place in ("out", "inn"):
            _ip("netns", "add", name + place)
        for place, link, inside, outside in (
            ("out", "w1", "203.0.113.1", INTRUDER),
            ("inn", "w2", "10.99.10.1", SERVER),
        ):
            _ip("link", "add", link, "netns", name + "gw", "type", "veth", "peer", "name", link, "netns", name + place)
            for where, address in ((name + "gw", inside), (name + place, outside)):
                _ip("-n", where, "addr", "add", f"{address}/24", "dev", link)
                _ip("-n", where, "link", "set", link, "up")
                _ip("-n", where, "link", "set", "lo", "up")
            _ip("-n", name + place, "route", "add", "default", "via", inside)
        made.run("gw", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        assert made.run("gw", "nft", "-f", "-", given=TABLE).returncode == 0
        command = ["ip", "netns", "exec", name + "inn", sys.executable, "-m", "http.server", "8080"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        yield made
    finally:
        if server is not None:
            server.kill()
            server.wait()
        for place in ("gw", "out", "inn"):
            _ip("netns", "del", name + place)


@pytest.mark.slow
def test_an_attack_is_seen_blocked_after_a_yes_and_let_go(
    net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    Path("vedette.toml").write_text('[response]\nmode = "approve"\n')
    vedette = (sys.executable, "-m", "vedette")
    assert _until(net.flows)
    command = ["ip", "netns", "exec", net.name + "gw", *vedette, "serve"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as service:  # noqa: S603
        assert service.stderr is not None
        next(line for line in service.stderr if '"caught up"' in line)
        token = net.run("gw", *vedette, "token", "add", "carol", "--role", "responder").stdout.split()[-1]
        drill = json.loads(net.run("gw", *vedette, "drill", "--live", "--seconds", "3", "--json").stdout)
        assert drill["missed"] == 0

        def ask(method: str, path: str) -> Any:  # noqa: ANN401 - JSON
            words = (
                "curl",
                "-s",
                "-X",
                method,
                "-H",
                f"Authorization: Bearer {token}",
                "-H",
                "Content-Type: application/json",
            )
            body = ("-d", "{}") if method == "POST" else ()
            return json.loads(net.run("gw", *words, *body, f"http://127.0.0.1:8750/api/v1/{path}").stdout)

        (block,) = [r for r in ask("GET", "actions")["items"] if r["status"] == "proposed"]
        assert block["plan"]["target"]["value"] == INTRUDER
        assert net.flows()
        assert ask("POST", f"actions/{block['uid']}/approve")["action"]["status"] == "in force"
        assert not net.flows()
        assert ask("POST", f"actions/{block['uid']}/undo")["status"] == "undone"
        assert net.flows()
        verified = net.run("gw", *vedette, "respond", "verify", "--json")
        assert json.loads(verified.stdout)["lines"] >= 5
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert service.returncode == 0


def _until(holds: Any) -> bool:  # noqa: ANN401 - a question
    return any(holds() for _ in range(20))
