from __future__ import annotations

from vedette.sources.auditd import audit_forms as forms


def test_every_call_of_a_table_has_a_number() -> None:
    known = {name for names in forms.SYSCALLS.values() for name in names.values()}
    rare = {
        "lchown",
        "utimes",
        "process_vm_readv",
        "ftruncate",
        "mknodat",
        "linkat",
        "fchmodat2",
        "setregid",
        "setresgid",
        "setreuid",
    }
    assert {*forms.EXECUTES, *forms.PROCESS_CALLS, *forms.CONNECTS} <= known
    assert {"unlink", "rename", "chmod", "openat"} <= known & {*forms.FILE_CALLS, *rare}


def test_a_number_means_one_call() -> None:
    for names in forms.SYSCALLS.values():
        assert len(set(names.values())) == len(names)
