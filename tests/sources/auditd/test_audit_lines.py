from __future__ import annotations

import io

import polars as pl
import pytest

from vedette.events.batch import Rejects
from vedette.events.lines import blocks
from vedette.sources.auditd.audit_lines import pairs, read_lines, whole_events


def lines(text: str) -> pl.DataFrame:
    return pl.concat(read_lines(blocks(io.BytesIO(text.encode())), Rejects("auditd")))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('comm="a b" pid=7', [("comm", "a b"), ("pid", "7")]),
        ("exe=2F62696E2F6120 uid=10", [("exe", "/bin/a"), ("uid", "10")]),
        ("msg='op=PAM:setcred acct=\"ada\" res=success'", [("op", "PAM:setcred"), ("acct", "ada"), ("res", "success")]),
        ("msg='PAM: accounting acct=\"ada\" : exe=\"/x\" (hostname=?, res=success)'",
         [("acct", "ada"), ("exe", "/x"), ("hostname", "?"), ("res", "success")]),
        ('uid=0\x1dUID="root"', [("uid", "0"), ("UID", "root")]),
        ("cmd=FF41", [("cmd", "\ufffdA")]),
    ],
)  # fmt: skip
def test_pairs(body: str, expected: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame({"event": [0], "line": [0], "kind": ["X"], "body": [body]})
    assert pairs(frame).select("key", "value").rows() == expected


def test_arguments_of_a_command_are_text_only_where_they_are_a_command() -> None:
    frame = pl.DataFrame({"event": [0, 1], "line": [0, 1], "kind": ["EXECVE", "SYSCALL"], "body": ["a0=6C73"] * 2})
    assert pairs(frame)["value"].to_list() == ["ls", "6C73"]


def test_a_line_says_time_node_and_number() -> None:
    row = lines('node=web1 type=CWD msg=audit(1700000000.250:9): cwd="/"\n').row(0, named=True)
    assert (row["node"], row["kind"], row["serial"], row["time"].microsecond) == ("web1", "CWD", "9", 250_000)


def _record(second: int, serial: int, kind: str) -> bytes:
    return b"type=%s msg=audit(%d.100:%d): pid=1\n" % (kind.encode(), second, serial)


def test_an_event_is_whole_with_its_end_or_once_the_log_is_past_it() -> None:
    began = _record(100, 1, "SYSCALL") + _record(100, 1, "PATH")
    other = _record(100, 2, "USER_LOGIN")
    assert whole_events(began) == 0
    assert whole_events(other) == len(other)
    assert whole_events(other + began) == len(other)
    assert whole_events(began + other) == 0
    assert whole_events(began + _record(100, 1, "EOE") + b"type=SYS") == len(began + _record(100, 1, "EOE"))
    assert whole_events(began + _record(103, 3, "USER_LOGIN")) == len(began) + len(_record(103, 3, "USER_LOGIN"))
    assert whole_events(began + _record(103, 3, "SYSCALL")) == len(began)


def test_an_event_that_never_ends_does_not_hold_up_more_than_64_kb() -> None:
    data = _record(100, 1, "SYSCALL") + _record(100, 2, "USER_LOGIN") * 2000
    assert whole_events(data) == len(data)
    assert whole_events(b"no records at all\nnot") == 18
