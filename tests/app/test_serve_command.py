from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from vedette.app import serve_command
from vedette.errors import ConfigError

SETTINGS = """
[api]
port = 0
[[inputs]]
transport = "http"
listen = "127.0.0.1:0"
[[inputs]]
transport = "syslog"
listen = "udp://127.0.0.1:0"
"""


def test_it_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    """As an operator starts it: a process, its words, a signal."""
    (tmp_path / "vedette.toml").write_text(SETTINGS)
    env = {**os.environ, "VEDETTE_HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-m", "vedette", "serve", "--folder", str(tmp_path / "live")]
    with subprocess.Popen(  # noqa: S603
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        url = next(said["api"] for line in process.stderr if (said := json.loads(line)).get("message") == "serving")
        with urllib.request.urlopen(f"{url}/api/v1/health", timeout=20) as answer:  # noqa: S310 - loopback
            assert json.load(answer)["status"] == "ok"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Listens and reads: http 127.0.0.1:0, syslog" in out.replace("\n", " ")
    assert list((tmp_path / "live" / "checkpoints").iterdir())


def test_wrong_settings_stop_the_start(tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text("[serve]\nbacklog = 3\n")
    with pytest.raises(ConfigError, match="unknown setting"):
        serve_command.run(path, tmp_path)


def test_settings_are_read_again_and_bad_ones_change_nothing(tmp_path: Path) -> None:
    """SIGHUP: what is wrong with the new settings is told, and those before hold; good ones are taken without a new process."""
    path = tmp_path / "vedette.toml"
    path.write_text(SETTINGS)
    env = {**os.environ, "VEDETTE_HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-m", "vedette", "serve", "--folder", str(tmp_path / "live")]
    with subprocess.Popen(  # noqa: S603
        command, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = (json.loads(line) for line in process.stderr)

        def said(message: str) -> dict[str, str]:
            return next(line for line in lines if message in line["message"])

        url = said("serving")["api"]
        said("caught up")
        path.write_text(SETTINGS.replace("udp:", "pigeon:"))
        process.send_signal(signal.SIGHUP)
        assert "inputs[1].listen" in said("are not taken")["message"]
        with urllib.request.urlopen(f"{url}/api/v1/health", timeout=20) as answer:  # noqa: S310 - loopback
            assert "not taken" in json.load(answer)["problems"][0]
        path.write_text(SETTINGS + "[budget]\nalerts_per_day = 3\n")
        process.send_signal(signal.SIGHUP)
        with urllib.request.urlopen(f"{said('serving')['api']}/metrics", timeout=20) as answer:  # noqa: S310 - loopback
            assert b"vedette_budget_alerts_per_day 3.0" in answer.read()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
