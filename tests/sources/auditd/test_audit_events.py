from __future__ import annotations

import io

import polars as pl
import pytest

from vedette.events.schema import EventClass
from vedette.sources.auditd import AuditD
from vedette.sources.auditd.audit_events import AuditEvents
from vedette.sources.auditd.audit_lines import LINES
from vedette.testing.laws.source import tables

CALL = (
    "type=SYSCALL msg=audit(1700000000.1{n:02}:{n}): arch=c000003e syscall={call} success={ok} exit=0 ppid=1 pid=2 "
    'auid=1000 uid=0 exe="/bin/x"'
)


def read(text: str) -> dict[EventClass, pl.DataFrame]:
    return tables(AuditD().read(io.BytesIO(text.encode())))


def only(text: str) -> tuple[EventClass, dict[str, object]]:
    ((kind, frame),) = read(text).items()
    assert frame.height == 1
    return kind, frame.row(0, named=True)


def record(kind: str, body: str) -> str:
    return f"\ntype={kind} msg=audit(1700000000.101:1): {body}"


def call(number: int, *records: str, ok: str = "yes") -> str:
    return CALL.format(n=1, call=number, ok=ok) + "".join(records)


def test_long_arguments_are_put_together() -> None:
    _, row = only(
        call(59, record("EXECVE", 'argc=3 a0="sh" a1="-c" a2_len=12 a2[1]="bc"'), record("EXECVE", 'a2[0]="a"'))
    )
    assert row["process.cmd_line"] == "sh -c abc"


@pytest.mark.parametrize(
    ("number", "paths", "activity", "expected"),
    [
        (87, ['name="/tmp/" nametype=PARENT', 'name="x" nametype=DELETE'], 4, ("/home/x", None)),
        (82, ['name="/a" nametype=DELETE', 'name="/b" nametype=CREATE'], 1, ("/a", "/b")),
        (257, ['name="/etc" nametype=PARENT', 'name="/etc/cron.d/x" nametype=CREATE'], 1, ("/etc/cron.d/x", None)),
        (257, ['name="/etc/shadow" nametype=NORMAL'], 14, ("/etc/shadow", None)),
        (90, ['name="./x" nametype=NORMAL'], 6, ("/home/x", None)),
    ],
)
def test_calls_on_files(number: int, paths: list[str], activity: int, expected: tuple[str, str | None]) -> None:
    kind, row = only(call(number, record("CWD", 'cwd="/home"'), *(record("PATH", p) for p in paths)))
    assert kind is EventClass.FILE_ACTIVITY
    assert (row["file.path"], row["file_result.path"]) == expected
    assert row["activity_id"] == activity


def test_a_connection_says_where_to() -> None:
    kind, row = only(call(42, record("SOCKADDR", "saddr=020001BBC6336407" + "0" * 16)))
    assert kind is EventClass.HOST_CONNECTION
    assert (row["dst_endpoint.ip"], row["dst_endpoint.port"]) == ("198.51.100.7", 443)


@pytest.mark.parametrize(
    ("number", "name", "activity"),
    [(101, "ptrace", 3), (311, "process_vm_writev", 4), (105, "setuid", 5), (62, "kill", 99), (999, "999", 99)],
)
def test_calls_on_processes(number: int, name: str, activity: int) -> None:
    kind, row = only(call(number, ok="no"))
    assert kind is EventClass.PROCESS_ACTIVITY
    assert (row["vedette.syscall"], row["activity_id"], row["status_id"]) == (name, activity, 2)


def test_an_enriched_log_names_users_and_calls() -> None:
    _, row = only(call(59) + '\x1dARCH=x86_64 SYSCALL=execve AUID="ada" UID="root"')
    assert (row["actor.user.name"], row["process.user.name"], row["vedette.syscall"]) == ("ada", "root", "execve")


def test_who_logged_on_is_not_taken_for_root_where_only_his_number_is_known() -> None:
    _, row = only(call(59))
    assert (row["actor.user.name"], row["actor.user.uid"], row["process.user.name"]) == (None, "1000", "root")


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("USER_AUTH", "op=PAM:authentication acct=\"ada\" exe=\"/usr/sbin/sshd\" addr=192.0.2.1 res=failed", "AUTHENTICATION"),
        ("USER_LOGIN", "op=login acct=\"ada\" exe=\"/usr/sbin/sshd\" addr=192.0.2.1 res=failed", "EVENT_LOG"),
        ("USER_LOGIN", "op=login id=1000 exe=\"/usr/sbin/sshd\" addr=192.0.2.1 res=success", "AUTHENTICATION"),
        ("USER_CMD", "cwd=\"/\" cmd=6C73 terminal=pts/0 res=success", "PROCESS_ACTIVITY"),
        ("ADD_GROUP", "op=add-group grp=\"wheel\" exe=\"/x\" res=success", "GROUP_MANAGEMENT"),
        ("USER_CHAUTHTOK", "op=PAM:chauthtok acct=\"ada\" exe=\"/x\" res=success", "ACCOUNT_CHANGE"),
        ("SERVICE_STOP", "unit=x comm=\"systemd\" res=success", "EVENT_LOG"),
    ],
)  # fmt: skip
def test_records_of_programs(kind: str, said: str, expected: str) -> None:
    assert only(record(kind, f"pid=1 uid=0 auid=0 ses=1 msg='{said}'").strip())[0].name == expected


def test_a_denial_stays_one_though_the_call_stands_beside_it() -> None:
    kind, row = only(record("AVC", 'apparmor="DENIED" operation="open" name="/etc/shadow"').strip() + "\n" + call(2))
    assert (kind, row["unmapped.apparmor"]) == (EventClass.EVENT_LOG, "DENIED")
    assert (row["unmapped.type"], row["unmapped.records"]) == ("AVC", "AVC SYSCALL")


@pytest.mark.parametrize(
    ("number", "records", "expected"),
    [
        (59, [record("EXECVE", 'a0="ls"')], "EXECVE"),
        (257, [record("PATH", 'name="/etc/shadow" nametype=NORMAL')], "PATH"),
        (101, [], "SYSCALL"),
    ],
)
def test_the_kind_that_rules_ask_for(number: int, records: list[str], expected: str) -> None:
    assert only(call(number, *records))[1]["unmapped.type"] == expected


def test_what_may_still_grow_is_kept_and_the_rest_given() -> None:
    events, lines = AuditEvents(), [(n, 1_700_000_000 + n, None, "LOGIN", str(n), "pid=1") for n in range(10)]
    frame = pl.DataFrame(lines, schema={**LINES, "time": pl.Int64}, orient="row").with_columns(
        (pl.col("time") * 1_000_000).cast(LINES["time"])
    )
    given = sum(len(b) for b in events.batches(frame))
    assert given == 7
    assert sum(len(b) for b in events.rest()) == 3


def test_keys_without_end_do_not_become_columns_without_end() -> None:
    text = "\n".join(f"type=X msg=audit(1700000000.000:{n}): key{n}=1" for n in range(300))
    assert sum(c.startswith("unmapped.") for c in read(text)[EventClass.EVENT_LOG].columns) <= 64 + 20
