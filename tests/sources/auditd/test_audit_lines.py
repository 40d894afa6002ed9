from __future__ import annotations

import io

import polars as pl
import pytest

from vedette.events.batch import Rejects
from vedette.events.lines import blocks
from vedette.sources.auditd.audit_lines import pairs, read_lines


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
