"""What hosts log is what sshd, sudo and cron write, and a reader of auth logs understands it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from vedette.app.drill.stage import Stage
from vedette.events.schema import EventClass
from vedette.sources.authlog import AuthLog

ONCE = {"start": "10:00", "until": "10:01", "count": "1"}
LOGINS = {"do": "logins", "who": "out", "host": "server", "when": ONCE}


def messages(stage: Stage) -> list[str]:
    return [line.split(": ", 1)[1] for _, line in sorted(stage.lines)]


def test_lines_and_packets_tell_of_the_same_connections(play: Callable[..., Stage]) -> None:
    stage = play(**LOGINS, users=["a", "b"], tries="2", accepted="a")
    logged = {int(p) for line in messages(stage) for p in re.findall(r"from 192\.0\.2\.9 port (\d+)", line)}
    assert logged == {int.from_bytes(f[34:36], "big") for _, f in stage.packets if f[47] == 2}
    assert len(logged) == 5


@pytest.mark.parametrize(("method", "asks_pam"), [("password", True), ("publickey", False)])
def test_a_refused_key_is_not_a_wrong_password(play: Callable[..., Stage], method: str, asks_pam: bool) -> None:
    said = messages(play(**LOGINS, users=["a"], method=method))
    assert [m.split(" from")[0] for m in said if m.startswith("Failed")] == [f"Failed {method} for a"]
    assert any(m.startswith("pam_unix(sshd:auth)") for m in said) is asks_pam


def test_an_unknown_user_is_called_invalid_throughout(play: Callable[..., Stage]) -> None:
    said = messages(play(**LOGINS, users=["eve"], unknown=["eve"]))
    assert [m.split(" from")[0].split(" 192")[0] for m in said] == [
        "Invalid user eve",
        "Failed password for invalid user eve",
        "Connection closed by invalid user eve",
    ]


def test_nobody_to_try_and_nobody_accepted_is_nothing(play: Callable[..., Stage]) -> None:
    stage = play(**LOGINS, users=[])
    assert (stage.lines, stage.packets) == ([], [])


def test_a_job_opens_runs_and_closes_under_one_number(play: Callable[..., Stage]) -> None:
    stage = play(do="cron", host="server", user="root", command="/usr/bin/true", when=ONCE)
    lines = [line for _, line in stage.lines]
    assert [line.split(": ", 1)[1].split(" for ")[0] for line in lines] == [
        "pam_unix(cron:session): session opened",
        "(root) CMD (/usr/bin/true)",
        "pam_unix(cron:session): session closed",
    ]
    assert len({re.findall(r"CRON\[\d+\]", line)[0] for line in lines}) == 1


def test_our_own_reader_understands_every_login_and_command(play: Callable[..., Stage]) -> None:
    text = "".join(
        f"{line}\n"
        for stage in (
            play(**LOGINS, users=["a"], tries="3", accepted="a"),
            play(do="sudo", host="server", user="a", at="10:05", pause="1s", commands=["/usr/bin/id"]),
        )
        for _, line in sorted(stage.lines)
    )
    batches = {b.kind: b.frame for b in AuthLog().read(io.BytesIO(text.encode()))}
    logons = batches[EventClass.AUTHENTICATION]
    tried = logons.filter(logons["src_endpoint.ip"] == "192.0.2.9")
    assert tried.filter(tried["status_id"] == 2).height >= 3
    assert set(tried.filter(tried["status_id"] == 1)["user.name"]) == {"a"}
    assert "/usr/bin/id" in batches[EventClass.PROCESS_ACTIVITY]["process.cmd_line"].to_list()


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "line", "host": "server", "program": "sshd", "message": "one\ntwo", "at": "10:00"},
        {"do": "line", "host": "server", "program": "ss\0hd", "message": "one", "at": "10:00"},
        {"do": "sudo", "host": "server", "user": "a\r", "at": "10:00", "pause": "1s", "commands": []},
        {**LOGINS, "users": ["a\x1b[2J"]},
        {**LOGINS, "users": ["a"], "method": "telepathy"},
        {**LOGINS, "users": ["a"], "tries": "-1"},
    ],
)
def test_no_step_breaks_out_of_its_line(play: Callable[..., Stage], fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        play(**fields)
