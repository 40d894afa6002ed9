"""A real Dovecot on this machine, for tests: every mailbox exists, and a master user opens each."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/bin")
MASTER, PASSWORD = "vedette", "made-up"
_NOBODY = "nobody"
_CONFIG = """\
base_dir = {0}/run
state_dir = {0}/run
log_path = {0}/log
protocols = imap
listen = 127.0.0.1
ssl = {2}
disable_plaintext_auth = no
mail_location = maildir:{0}/mail/%u
auth_master_user_separator = *
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {1}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  master = yes
  args = {0}/masters
}}
passdb {{
  driver = static
  args = password={4}
}}
userdb {{
  driver = static
  args = uid={3} gid={3} home={0}/mail/%u
}}
"""


def available() -> bool:
    """Say whether Dovecot is installed, and may be run with other users' rights."""
    return PROGRAM is not None and os.geteuid() == 0


@contextmanager
def dovecot(certificate: Path | None = None) -> Iterator[int]:
    """Serve IMAP on a free port of 127.0.0.1, and give the port; with ``certificate`` (PEM, with its key) also STARTTLS."""
    folder = Path(tempfile.mkdtemp(prefix="vd", dir="/tmp"))
    server = None
    try:
        folder.chmod(0o755)
        nobody = pwd.getpwnam(_NOBODY)
        (folder / "mail").mkdir()
        os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)
        (folder / "masters").write_text(f"{MASTER}:{{PLAIN}}{PASSWORD}\n")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        tls = f"yes\nssl_cert = <{certificate}\nssl_key = <{certificate}" if certificate else "no"
        config = folder / "dovecot.conf"
        config.write_text(_CONFIG.format(folder, port, tls, nobody.pw_uid, PASSWORD))
        server = subprocess.Popen(  # noqa: S603 - the words are ours
            [str(PROGRAM), "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait(port, folder / "log")
        yield port
    finally:
        if server is not None:
            server.terminate()
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def put(port: int, box: str, message_id: str, folder: str = "INBOX") -> None:
    """Put a small message into a mailbox."""
    text = f"From: eve@bad.example\r\nTo: {box}\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nhello\r\n"
    with imaplib.IMAP4("127.0.0.1", port, timeout=10) as imap:
        imap.login(f"{box}*{MASTER}", PASSWORD)
        status, _ = imap.append(folder, "", imaplib.Time2Internaldate(time.time()), text.encode())
        assert status == "OK"


def held(port: int, box: str, folder: str = "INBOX") -> list[str]:
    """Return the Message-IDs that a folder holds, as another client sees them."""
    with imaplib.IMAP4("127.0.0.1", port, timeout=10) as imap:
        imap.login(f"{box}*{MASTER}", PASSWORD)
        if imap.select(folder, readonly=True)[0] != "OK":
            return []
        _, data = imap.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        headers = [item[1].decode() for item in data if isinstance(item, tuple)]
        return sorted(h.partition(":")[2].strip() for h in headers)


def _wait(port: int, log: Path) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text() if log.exists() else "dovecot never listened"
            time.sleep(0.05)
        else:
            return
