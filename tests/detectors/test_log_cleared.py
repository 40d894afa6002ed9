from __future__ import annotations

import pytest

from vedette.detectors.log_cleared import LogCleared
from vedette.testing.commands import commands
from vedette.testing.rows import hits_of

CASES: dict[str, str] = {
    "/usr/bin/rm -f /var/log/auth.log": "T1070.002",
    "rm -rf /var/log/*": "T1070.002",
    "shred -u /var/log/wtmp /var/log/btmp": "T1070.002",
    "/usr/bin/truncate -s 0 /var/log/syslog": "T1070.002",
    "/bin/sh -c > /var/log/lastlog": "T1070.002",
    "bash -c 'cat /dev/null > /var/log/secure'": "T1070.002",
    "echo > /var/log/audit/audit.log": "T1070.002",
    "cp /dev/null /var/log/messages": "T1070.002",
    "ln -sf /dev/null /var/log/wtmp": "T1070.002",
    "dd if=/dev/zero of=/var/log/wtmp count=1": "T1070.002",
    "sed -i /203.0.113.9/d /var/log/auth.log": "T1070.002",
    "journalctl --rotate --vacuum-time=1s": "T1070.002",
    "journalctl --vacuum-size=1": "T1070.002",
    "history -c": "T1070.003",
    "unset HISTFILE; ls": "T1070.003",
    "export HISTFILE=/dev/null": "T1070.003",
    "rm /root/.bash_history": "T1070.003",
    "ln -sf /dev/null /home/eve/.bash_history": "T1070.003",
    "auditctl -e 0": "T1562.012",
    "systemctl stop auditd": "T1562.012",
    "service rsyslog stop": "T1562.001",
    "systemctl disable --now rsyslog": "T1562.001",
    "wevtutil.exe cl Security": "T1070.001",
    "powershell Clear-EventLog -LogName System": "T1070.001",
    "/usr/bin/apt update": "",
    "rm -f /var/log/syslog.7.gz": "",
    "rm /var/log/auth.log.1": "",
    "rm /var/log/myapp/import-2026.txt": "",
    "tail -f /var/log/auth.log": "",
    "grep Failed /var/log/auth.log > /tmp/failed.txt": "",
    "echo started >> /var/log/messages": "",
    "cp /var/log/syslog /root/syslog.copy": "",
    "journalctl --vacuum-time=2weeks": "",
    "journalctl --vacuum-size=500M": "",
    "journalctl -u nginx --since today": "",
    "/usr/sbin/logrotate /etc/logrotate.conf": "",
    "systemctl restart rsyslog": "",
    "history": "",
    "HISTSIZE=10000 bash": "",
    "auditctl -l": "",
    "wevtutil qe Security": "",
    "rm -rf /tmp/var/log/": "",
}


@pytest.mark.parametrize("line", CASES)
def test_rows(line: str) -> None:
    hits = hits_of(LogCleared, commands([line]))
    detector = LogCleared()
    assert [a for t in detector.attacks(hits) for a in t] == ([CASES[line]] if CASES[line] else [])


def test_says_who_did_what_where() -> None:
    hit = hits_of(LogCleared, commands(["rm /var/log/wtmp"], by="eve")).row(0, named=True)
    assert hit["summary"] == "On web1, eve ran a command that removes a system log: rm /var/log/wtmp"
