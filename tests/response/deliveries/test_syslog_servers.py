"""Real servers: rsyslog and syslog-ng, where they are installed, read what the delivery sends."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from vedette.abc import Message, Sink
from vedette.app.live.chosen import Chosen
from vedette.app.live.written import written
from vedette.plugins import checked
from vedette.response.deliveries.syslog import Syslog
from vedette.response.sinks.cef import Cef
from vedette.response.sinks.syslog_json import SyslogJson
from vedette.testing.incidents import some_incident

pytestmark = pytest.mark.slow

RSYSLOG = """
global(workDirectory="{folder}" maxMessageSize="256k" defaultNetstreamDriverCAFile="{folder}/ca.pem"
       defaultNetstreamDriverCertFile="{folder}/cert.pem" defaultNetstreamDriverKeyFile="{folder}/key.pem")
module(load="imtcp" {how})
module(load="imudp")
input(type="{input}" port="{port}" address="127.0.0.1")
template(name="told" type="string" string="%pri% %hostname% %app-name% %msgid% %msg%\\n")
action(type="omfile" file="{folder}/out" template="told")
"""
SYSLOG_NG = """
@version: 3.38
options {{ keep-hostname(yes); stats-freq(0); log-msg-size(262144); }};
source s_in {{ syslog(ip("127.0.0.1") port({port}) transport("{how}") {more}); }};
template told {{ template("$PRI $HOST $PROGRAM $MSGID $MSG\\n"); }};
destination d_out {{ file("{folder}/out" template(told)); }};
log {{ source(s_in); destination(d_out); }};
"""
_TLS = 'tls(key-file("{folder}/key.pem") cert-file("{folder}/cert.pem") peer-verify(optional-untrusted))'
_GTLS = 'StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"'
SERVERS = {
    "rsyslog tcp": ("tcp", RSYSLOG, {"how": "", "input": "imtcp"}),
    "rsyslog tls": ("tls", RSYSLOG, {"how": _GTLS, "input": "imtcp"}),
    "rsyslog udp": ("udp", RSYSLOG, {"how": "", "input": "imudp"}),
    "syslog-ng tcp": ("tcp", SYSLOG_NG, {"how": "tcp", "more": ""}),
    "syslog-ng tls": ("tls", SYSLOG_NG, {"how": "tls", "more": _TLS}),
}


@contextmanager
def running(kind: str, settings: str, folder: Path, port: int) -> Iterator[None]:
    """Run a server with these settings."""
    path = folder / "server.conf"
    path.write_text(settings)
    program = shutil.which("rsyslogd" if kind == "rsyslog" else "syslog-ng", path="/usr/sbin:/usr/bin:/sbin")
    if not program:
        pytest.skip(f"{kind} is not installed")
    command = [program, "-n", "-f", str(path), "-i", str(folder / "pid")]
    if kind != "rsyslog":
        files = {"-p": "pid", "-R": "persist", "-c": "control"}
        command = [program, "-F", "-f", str(path), *(w for k, v in files.items() for w in (k, str(folder / v)))]
        command += ["--no-caps"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as server:  # noqa: S603
        try:
            _wait(lambda: _listens(port) or server.poll() is not None, 15)
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            yield
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _listens(port: int) -> bool:
    hexed = f":{port:04X} "
    return any(hexed in Path(f"/proc/net/{table}").read_text() for table in ("tcp", "udp"))


def _wait(true: Any, seconds: float) -> None:  # noqa: ANN401 - a question
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)


def _free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _messages(sink: Sink) -> list[Message]:
    cases = [replace(some_incident(f"case-{n}"), story=(f"line\n{n}", "<1>1 evil - - - x")) for n in range(20)]
    items = written(sink, [Chosen(n, case, 1, 1, case.uid) for n, case in enumerate(cases)], lambda _: None)
    return [item.message for item in items if item.message]


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_reads_every_message_and_confirms(server: str, tmp_path: Path) -> None:
    protocol, settings, words = SERVERS[server]
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    issued.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    port = _free_port(socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM)
    filled = {k: v.format(folder=tmp_path) for k, v in words.items()}
    with running(server.split(maxsplit=1)[0], settings.format(folder=tmp_path, port=port, **filled), tmp_path, port):
        part = {"host": "localhost", "port": port, "protocol": protocol, "hostname": "watch", "timeout_seconds": 10}
        ca = {"ca": str(tmp_path / "ca.pem")} if protocol == "tls" else {}
        delivery = Syslog(checked(Syslog, part | ca | ({"host": "127.0.0.1"} if protocol == "udp" else {}), "sinks[0]"))
        began = time.monotonic()
        delivery.send(_messages(SyslogJson()))
        delivery.send(_messages(Cef()))
        assert time.monotonic() - began < 8, "the server did not close"
        out = tmp_path / "out"
        _wait(lambda: out.exists() and out.read_text().count("\n") >= 40, 10)
    lines = out.read_text().splitlines()
    assert len(lines) == 40
    ours = [line.split(" ", 4) for line in lines]
    assert {(pri, host, app) for pri, host, app, *_ in ours} == {("131", "watch", "vedette")}
    rows = [json.loads(text) for *_, name, text in ours if name == "incident"]
    assert [row["metadata"]["uid"] for row in rows] == [f"case-{n}" for n in range(20)]
    assert [text.strip()[:6] for *_, name, text in ours if name == "cef"] == ["CEF:0|"] * 20
