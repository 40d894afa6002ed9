"""Runs Debian's rspamd on loopback without any network: no DNS, no fuzzy hashes, no Redis; its local rules are all on."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OFF = (
    "antivirus",
    "arc",
    "asn",
    "aws_s3",
    "bimi",
    "clickhouse",
    "dcc",
    "dkim",
    "dkim_signing",
    "dmarc",
    "elastic",
    "external_relay",
    "external_services",
    "fuzzy_check",
    "greylist",
    "hfilter",
    "history_redis",
    "http_headers",
    "metadata_exporter",
    "metric_exporter",
    "mx_check",
    "neural",
    "p0f",
    "ratelimit",
    "rbl",
    "replies",
    "reputation",
    "spamtrap",
    "spf",
    "surbl",
    "url_redirector",
    "whitelist",
)
"""Modules that ask DNS, Redis or another server: off, since their timeouts would only cost it time."""
LOCAL = {
    "options.inc": 'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.01s; retransmits = 1; }',
    "worker-controller.inc": "enabled = false;",
    "worker-proxy.inc": "enabled = false;",
    "logging.inc": 'level = "error"; type = "console";',
}
AT_ONCE = 4
"""Connections that bring mail."""
_READY_S = 300
_TICK = os.sysconf("SC_CLK_TCK")


def present() -> bool:
    """Say whether rspamd is installed (``apt-get install rspamd``)."""
    return shutil.which("rspamd") is not None


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, int]]:
    """Run one worker with its files in ``folder``; yield the main process's id and the port."""
    for name in ("local.d", "db", "run", "log"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = {f"{m}.conf": "enabled = false;" for m in OFF} | LOCAL
    settings["worker-normal.inc"] = f'bind_socket = "127.0.0.1:{port}"; count = 1;'
    for name, text in settings.items():
        (folder / "local.d" / name).write_text(text + "\n")
    places = {"LOCAL_CONFDIR": folder, "DBDIR": folder / "db", "RUNDIR": folder / "run", "LOGDIR": folder / "log"}
    told = [a for k, v in places.items() for a in ("--var", f"{k}={v}")]
    with (folder / "log" / "out").open("wb") as log:
        process = subprocess.Popen(["rspamd", "-f", "-i", *told], stdout=log, stderr=log)  # noqa: S603 S607 - as installed
    try:
        _wait(port, process)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def checked(port: int, mails: Sequence[bytes]) -> list[dict[str, Any]]:
    """Return what it says of each mail: score, action, symbols."""
    parts = [range(k, len(mails), AT_ONCE) for k in range(AT_ONCE)]
    told: list[dict[str, Any]] = [{}] * len(mails)

    def bring(part: range) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for i in part:
            line.request("POST", "/checkv2", body=mails[i])
            told[i] = json.loads(line.getresponse().read())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(bring, parts))
    return told


def cpu_seconds(main: int) -> float:
    """Return user and system time of the main process and all below it."""
    total, waiting = 0.0, [main]
    while waiting:
        pid = waiting.pop()
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        total += sum(map(int, fields[11:15])) / _TICK  # its own and its ended children's
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        waiting += map(int, children)
    return total


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end and process.poll() is None:
        try:
            checked(port, [b"Subject: ready\n\nready\n"] * AT_ONCE)
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("rspamd did not start")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
