"""Real senders: rsyslog and syslog-ng, where they are installed, over everything that they can send over.

Their settings are those of ``docs/how-to/receive-syslog.md``; what comes in must be the same events as from a file.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from vedette.abc import Origin
from vedette.events.schema import EventClass
from vedette.sources.authlog import AuthLog
from vedette.testing.laws.source import tables
from vedette.testing.transports import FakeInlet
from vedette.transports.syslog import Syslog, SyslogSettings

pytestmark = pytest.mark.slow

RSYSLOG = """
global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{folder}/ca.pem")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/in" CreatePath="on")
action(type="omfwd" target="127.0.0.1" port="{port}" {how} action.resumeRetryCount="-1" action.resumeInterval="1")
"""
SYSLOG_NG = """
@version: 3.38
options {{ keep-hostname(yes); stats-freq(0); }};
source s_in {{ unix-dgram("{folder}/in"); }};
destination d_vedette {{ {how} }};
log {{ source(s_in); destination(d_vedette); }};
"""
_GTLS = 'StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="vedette.example"'
SENDERS = {
    "rsyslog udp": ("udp", RSYSLOG, 'protocol="udp"'),
    "rsyslog tcp lines": ("tcp", RSYSLOG, 'protocol="tcp"'),
    "rsyslog tcp counted 5424": (
        "tcp",
        RSYSLOG,
        'protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"',
    ),
    "rsyslog tls": (
        "tls",
        RSYSLOG,
        'protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format" ' + _GTLS,
    ),
    "syslog-ng udp": ("udp", SYSLOG_NG, 'network("127.0.0.1" port({port}) transport("udp"));'),
    "syslog-ng tcp lines": ("tcp", SYSLOG_NG, 'network("127.0.0.1" port({port}) transport("tcp"));'),
    "syslog-ng tcp counted 5424": ("tcp", SYSLOG_NG, 'syslog("127.0.0.1" port({port}) transport("tcp"));'),
    "syslog-ng tls": (
        "tls",
        SYSLOG_NG,
        'syslog("127.0.0.1" port({port}) transport("tls") tls(ca-file("{folder}/ca.pem") peer-verify(required-trusted)));',
    ),
}
SAID = (
    "sshd[845]: Failed password for invalid user guest from 203.0.113.9 port 41002 ssh2",
    "sshd[801]: Accepted publickey for ada from 192.0.2.7 port 50122 ssh2: ED25519 SHA256:c29t",
    "sudo:      ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/id",
)


@contextmanager
def running(kind: str, settings: str, folder: Path) -> Iterator[None]:
    """Run a sender with these settings."""
    path = folder / "sender.conf"
    path.write_text(settings)
    if kind == "rsyslog":
        command = ["rsyslogd", "-n", "-f", str(path), "-i", str(folder / "pid")]
    else:
        files = [f"--{name}={folder / name}" for name in ("pidfile", "control", "persist-file")]
        command = ["syslog-ng", "--foreground", "--no-caps", f"--cfgfile={path}", *files]
    program = shutil.which(command[0])
    if not program:
        pytest.skip(f"{command[0]} is not installed")
    process = subprocess.Popen([program, *command[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        told, _ = process.communicate(timeout=20)
        if told:
            print(told.decode("utf-8", "replace"))  # noqa: T201 - pytest shows it where the test fails


def certified(folder: Path) -> dict[str, str]:
    ca = trustme.CA()
    own = ca.issue_cert("vedette.example", "127.0.0.1", common_name="vedette.example")
    own.private_key_and_cert_chain_pem.write_to_path(folder / "own.pem")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    return {"certificate": str(folder / "own.pem"), "key": str(folder / "own.pem")}


@pytest.mark.parametrize("name", SENDERS)
def test_what_a_real_sender_sends_becomes_the_events_of_a_file(tmp_path: Path, name: str) -> None:
    scheme, settings, how = SENDERS[name]
    inlet = FakeInlet()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if scheme == "udp" else socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"listen": f"{scheme}://127.0.0.1:{port}", **(certified(tmp_path) if scheme == "tls" else {})}
    (tmp_path / "ca.pem").touch()
    filled = settings.format(
        folder=tmp_path, port=port, how=how.replace("{port}", str(port)).replace("{folder}", str(tmp_path))
    )

    async def play() -> None:
        task = asyncio.create_task(Syslog(SyslogSettings.model_validate(own)).run(inlet))
        with (
            running(name.partition(" ")[0], filled, tmp_path),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth,
        ):
            for _ in range(500):
                if (tmp_path / "in").exists():
                    break
                await asyncio.sleep(0.02)
            stamp = datetime.now(UTC).strftime("%b %e %H:%M:%S")
            for text in SAID:
                mouth.sendto(f"<38>{stamp} {text}".encode(), str(tmp_path / "in"))
            for _ in range(500):
                if sum(b"ada" in line or b"guest" in line for line in inlet.lines) == len(SAID):
                    break
                await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    print(inlet.data, inlet.said)  # noqa: T201 - as above
    assert {c.input for c in inlet.chunks} == {f"syslog {scheme} 127.0.0.1"}
    found = tables(AuthLog(Origin("x", datetime.now(UTC))).read(io.BytesIO(inlet.data)))
    assert EventClass.REJECT not in found
    logons = found[EventClass.AUTHENTICATION]
    assert logons.select("user.name", "src_endpoint.ip", "status_id", "actor.process.pid").rows() == [
        ("guest", "203.0.113.9", 2, 845),
        ("ada", "192.0.2.7", 1, 801),
    ]
    assert found[EventClass.PROCESS_ACTIVITY]["process.cmd_line"].to_list() == ["/usr/bin/id"]
