from __future__ import annotations

import io

from vedette.events.batch import EventBatch
from vedette.features.syscall_program import SyscallProgram
from vedette.sources.auditd import AuditD
from vedette.testing.rows import rows_of


def audited(*records: str) -> list[EventBatch]:
    """Return the events of records of one second; each begins with its kind and the number of its event."""
    lines = []
    for record in records:
        kind, number, body = record.split(" ", 2)
        lines.append(f"node=web1 type={kind} msg=audit(1767261600.000:{number}): {body}\n")
    return list(AuditD().read(io.BytesIO("".join(lines).encode())))


CALL = 'arch=c000003e syscall={} success=yes pid=9 ppid=1 auid=4294967295 uid=33 exe="/usr/sbin/nginx"'


def test_calls_of_a_program() -> None:
    rows = rows_of(
        SyscallProgram,
        *audited(
            f"SYSCALL 1 {CALL.format(101)}",
            f"SYSCALL 2 {CALL.format(59)}",
            f"SYSCALL 3 {CALL.format(87)}",
            'PATH 3 name="/tmp/x" nametype=DELETE',
            f"SYSCALL 4 {CALL.format(42)}",
            "SOCKADDR 4 saddr=020001BBC6336407",
        ),
    )
    (row,) = rows.to_dicts()
    assert (row["host"], row["program"], row["made"]) == ("web1", "/usr/sbin/nginx", 3)
    assert row["calls"] == ["connects to others", "deletes files", "ptrace"]


def test_what_other_sources_tell_of_files_is_no_call() -> None:
    batches = [
        EventBatch(b.kind, b.frame.drop("metadata.log_provider"))
        for b in audited(f"SYSCALL 3 {CALL.format(87)}", 'PATH 3 name="/x" nametype=DELETE')
    ]
    assert rows_of(SyscallProgram, *batches).height == 0
