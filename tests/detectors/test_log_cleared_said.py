from __future__ import annotations

import pytest

from vedette.detectors.log_cleared_said import LogClearedSaid
from vedette.testing.commands import messages
from vedette.testing.rows import hits_of

CASES: dict[str, str] = {
    "audit: op=set audit_enabled=0 old=1 auid=1000 ses=3 res=1": "T1562.012",
    "The audit log was cleared. Subject: Security ID: S-1-5-21": "T1070.001",
    "HISTORY: PID=1881 UID=0 rm -f /var/log/auth.log": "T1070.002",
    "fim: truncated /var/log/wtmp": "T1070.002",
    "root [2201]: unset HISTFILE": "T1070.003",
    "audit: op=set audit_enabled=1 old=0 auid=1000 ses=3 res=1": "",
    "rsyslogd: [origin software] rsyslogd was HUPed": "",
    "logrotate: removed /var/log/syslog.7.gz": "",
    "logrotate: compressing /var/log/syslog.1": "",
    "Failed to open /var/log/btmp": "",
    "systemd-journald: Vacuuming done, freed 8.0M of archived journals": "",
}


@pytest.mark.parametrize("line", CASES)
def test_rows(line: str) -> None:
    hits = hits_of(LogClearedSaid, messages([line]))
    assert [a for t in LogClearedSaid().attacks(hits) for a in t] == ([CASES[line]] if CASES[line] else [])
