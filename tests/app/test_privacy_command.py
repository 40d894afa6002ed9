"""Pseudonyms from the command line's side: nothing that is written names anybody, and who asks is written down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app.cli import main
from vedette.app.door import vault
from vedette.trust.privacy.tokens import TOKEN

WHY = "case 7: account taken over"
LINES = [
    *(
        f"Mar  2 08:00:{n:02} web1 sshd[{n}]: Failed password for invalid user victoria from 203.0.113.9 port {5000 + n} ssh2"
        for n in range(50)
    ),
    "Mar  2 08:01:01 web1 sshd[99]: Accepted password for mallory from 203.0.113.9 port 6000 ssh2",
    "Mar  2 08:02:00 web1 useradd[7]: new user: name=eveline, UID=1001, GID=1001, home=/home/eveline, shell=/bin/bash",
    "Mar  2 08:03:00 web1 sudo:  mallory : TTY=pts/0 ; PWD=/home/mallory ; USER=root ; COMMAND=/bin/rm -rf /var/log/auth.log",
    "Mar  2 08:04:00 web1 cron[1]: pam_unix(cron:session): session opened for user mallory by (uid=0)",
]
PEOPLE = ("victoria", "mallory", "eveline")


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VEDETTE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "kept" / name))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vedette.toml").write_text("[privacy]\npseudonyms = true\n")
    (tmp_path / "auth.log").write_text("\n".join(LINES) + "\n")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def told(capfdbinary: pytest.CaptureFixture[bytes]) -> bytes:
    return b"".join(capfdbinary.readouterr())


def test_nothing_that_a_scan_writes_names_anybody(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out = tmp_path / "kept"
    assert run("scan", "auth.log", "-q", "--learn", "--html", str(out / "r.html"), "--parquet", str(out / "t")) == 1
    shown = told(capfdbinary)
    assert run("scan", "auth.log", "-q", "--json") == 1
    assert run("events", "auth.log", "-q", "--json", "--parquet", str(out / "e")) == 0
    assert run("events", "auth.log", "-q") == 0
    shown += told(capfdbinary)
    assert TOKEN.search(shown.decode())
    written = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} | {Path("shown"): shown}
    kinds = {p.suffix for p in written}
    assert {".html", ".parquet", ".json", ".jsonl"} <= kinds
    assert not [(p.name, name) for p, data in written.items() for name in PEOPLE if name.encode() in data]


def test_who_it_is_for_a_reason(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run("scan", "auth.log", "-q")
    token = TOKEN.search(told(capfdbinary).decode())
    assert token
    assert run("privacy", "who", f"the account {token[0]}", "--reason", WHY, "--json") == 0
    [found] = json.loads(told(capfdbinary))
    assert found["token"] == token[0]
    assert found["name"] in PEOPLE
    assert run("privacy", "token", found["name"], "--reason", WHY, "--json") == 0
    assert json.loads(told(capfdbinary)) == [{"name": found["name"], "token": token[0]}]
    assert run("privacy", "audit", "--json") == 0
    assert [q["reason"] for q in json.loads(told(capfdbinary))] == [WHY, WHY]
    assert run("privacy", "audit") == 0
    assert run("privacy", "who", token[0], "--reason", WHY) == 0
    assert found["name"].encode() in told(capfdbinary)


def test_questions_that_are_not_answered(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("privacy", "audit") == 0
    assert b"Nobody has asked" in told(capfdbinary)
    assert run("privacy", "token", "alice", "--reason", WHY) == 3
    run("scan", "auth.log", "-q")
    told(capfdbinary)
    assert run("privacy", "who", "alice", "--reason", WHY) == 3
    assert b"no token in 'alice'" in told(capfdbinary)
    unknown = f"user-{'b' * 15}"
    assert run("privacy", "who", unknown, "--reason", "") == 3
    assert run("privacy", "who", unknown, "--reason", WHY) == 1
    assert len(vault().questions()) == 1
