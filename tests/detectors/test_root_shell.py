from __future__ import annotations

import pytest

from vedette.detectors.root_shell import RootShell
from vedette.model import Severity
from vedette.testing.commands import commands
from vedette.testing.rows import hits_of

CASES: dict[tuple[str, str], Severity | None] = {
    ("alice", "/bin/bash"): Severity.LOW,
    ("alice", "/usr/bin/su -"): Severity.LOW,
    ("alice", "/usr/bin/su - root"): Severity.LOW,
    ("www-data", "/bin/sh"): Severity.HIGH,
    ("alice", "/usr/bin/find . -exec /bin/sh ;"): Severity.MEDIUM,
    ("bob", "/usr/bin/python3 -c import pty; pty.spawn('/bin/bash')"): Severity.MEDIUM,
    ("alice", "/usr/bin/apt update"): None,
    ("alice", "/bin/bash /opt/backup.sh"): None,
    ("alice", "/usr/bin/vim /etc/hosts"): None,
    ("alice", "/usr/bin/find /var -name x"): None,
    ("root", "/bin/bash"): None,
    ("www-data", "/usr/bin/systemctl reload nginx"): None,
}


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_rows(case: tuple[str, str]) -> None:
    by, line = case
    hits = hits_of(RootShell, commands([line], by=by))
    assert hits["severity"].to_list() == ([CASES[case]] if CASES[case] else [])
