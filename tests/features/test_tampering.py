from __future__ import annotations

import polars as pl
import pytest

from vedette.features.tampering import HINTS, TAMPERING, tampering, technique


def _what(line: str) -> str | None:
    word: str | None = pl.DataFrame({"line": [line]}).select(tampering(pl.col("line"))).item()
    return word


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("rm -f /var/log/wtmp", "removes a system log"),
        (": > /var/log/auth.log", "empties a system log"),
        ("utmpdump -r < /tmp/w > /tmp/x", "edits a log of logons"),
        ("journalctl --vacuum-time=1s", "throws the journal away"),
        ("HISTSIZE=0; export HISTSIZE", "clears the shell's history"),
        ("auditctl -D", "switches auditing off"),
        ("pkill -9 rsyslogd", "switches logging off"),
        ("wevtutil cl Security", "clears a Windows event log"),
        ("cat /var/log/wtmp", None),
        ("", None),
    ],
)
def test_table(line: str, what: str | None) -> None:
    assert _what(line) == what
    if what:
        assert pl.select(technique(pl.lit(what))).item() == TAMPERING[what][0]


@pytest.mark.parametrize("line", ["rm /var/log/syslog.2.gz", "gzip /var/log/auth.log.1", "rm -f /var/log/messages.old"])
def test_rotated_logs_may_go(line: str) -> None:
    assert _what(line) is None


def test_a_rotated_log_does_not_hide_another() -> None:
    assert _what("rm /var/log/auth.log.1 /var/log/auth.log") == "removes a system log"


def test_a_hint_is_never_in_the_way() -> None:
    assert all(hint for hint in HINTS)
    assert _what("HiStOrY -c") is None
    assert _what("CLEAR-EVENTLOG -LogName x") == "clears a Windows event log"
