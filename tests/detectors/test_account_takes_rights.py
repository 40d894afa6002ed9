from __future__ import annotations

import pytest

from vedette.detectors.account_takes_rights import AccountTakesRights
from vedette.model import Severity
from vedette.testing.commands import account_changes
from vedette.testing.rows import hits_of

CASES: dict[tuple[int, str, str], tuple[str, Severity] | None] = {
    (1, "eve", "new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/0"): (
        "New account",
        Severity.LOW,
    ),
    (1, "toor", "new user: name=toor, UID=0, GID=0, home=/root, shell=/bin/bash"): (
        "Second root account",
        Severity.CRITICAL,
    ),
    (99, "eve", "change user 'eve' UID from '1001' to '0'"): ("Second root account", Severity.CRITICAL),
    (99, "eve", "add 'eve' to group 'sudo'"): ("New administrator", Severity.MEDIUM),
    (99, "eve", "user eve added by root to group wheel"): ("New administrator", Severity.MEDIUM),
    (
        1,
        "_chrony",
        "new user: name=_chrony, UID=112, GID=118, home=/var/lib/chrony, shell=/usr/sbin/nologin, from=none",
    ): None,
    (1, "postgres", "new user: name=postgres, UID=115, GID=121, home=/var/lib/postgresql, shell=/bin/bash"): None,
    (1, "svc", "new user: name=svc, UID=1005, GID=1005, home=/nonexistent, shell=/usr/sbin/nologin"): None,
    (99, "eve", "add 'eve' to group 'printers'"): None,
    (99, "eve", "delete 'eve' from group 'sudo'"): None,
    (99, "alice", "change user 'alice' shell from '/bin/sh' to '/bin/bash'"): None,
    (3, "alice", "password changed for alice"): None,
}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c[2][:40])
def test_rows(case: tuple[int, str, str]) -> None:
    hits = hits_of(AccountTakesRights, account_changes([case]))
    want = CASES[case]
    assert [*zip(hits["title"], hits["severity"], strict=True)] == ([want] if want else [])
