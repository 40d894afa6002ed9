"""How it looks when somebody clears logs or switches them off, as a table of patterns over command lines."""

from __future__ import annotations

import polars as pl

_SYSTEM_LOG = (
    r"/var/(?:log|run|adm)/(?:auth\.log|secure|syslog|messages|wtmp|btmp|utmp|lastlog|faillog|kern\.log|audit(?:/audit\.log|/?)|"
    r"journal|daemon\.log|maillog|mail\.log|cron(?:\.log)?|sudo\.log|user\.log|httpd|apache2|nginx)\S*"
)
_SYSTEM_LOG = rf"""["']?(?:{_SYSTEM_LOG}|/var/log/?\*?)["']?(?:\s|;|&|\||\)|"|'|$)"""
_ROTATED = r"/var/\S*\.(?:[0-9]+|gz|xz|bz2|zst|old)\b\S*"
_HISTORY = r"\S*\.(?:bash|zsh|sh|ash|python|mysql|psql)_history\b"

TAMPERING: dict[str, tuple[str, str]] = {
    "removes a system log": ("T1070.002", rf"\b(?:rm|shred|unlink|srm|wipe)\s(?:[^;|&]*\s)?{_SYSTEM_LOG}"),
    "empties a system log": (
        "T1070.002",
        rf"(?:(?:^|[^>])>\s*|\btruncate\s(?:[^;|&]*\s)?|\btee\s+|\bof=|\bcp\s+/dev/null\s+|\bln\s+-s\w*\s+/dev/null\s+){_SYSTEM_LOG}",
    ),
    "edits a log of logons": ("T1070.002", r"\butmpdump\s+-r|\b(?:sed|perl)\s+(?:-\w+\s+)*-\w*i\b[^;|&]*/var/log/"),
    "throws the journal away": (
        "T1070.002",
        r"\bjournalctl\b.*--vacuum-(?:time[= ]\d+(?:us|ms|s|sec)?|size[= ](?:\d+[KB]?|[1-9]M)|files[= ][01])(?:\s|$)",
    ),
    "clears the shell's history": (
        "T1070.003",
        (
            r"\bhistory\s+-\w*c|\bunset\s+HIST(?:FILE|SIZE|FILESIZE)\b|\bHISTFILE=(?:/dev/null|\s|;|$)|\bHIST(?:FILE)?SIZE=0\b|\bset\s+\+o\s+history\b"
            rf"|\b(?:rm|shred|unlink|truncate|ln\s+-s\w*\s+/dev/null)\s[^;|&]*{_HISTORY}|(?:^|[^>])>\s*{_HISTORY}"
        ),
    ),
    "switches auditing off": (
        "T1562.012",
        (
            r"\bauditctl\s+(?:-e\s*0|-D)\b|\b(?:systemctl|service|chkconfig)\b.*\b(?:stop|disable|mask|kill)\b.*\bauditd\b|\bservice\s+auditd\s+stop\b"
            r"|\bauditd\b.*\bstop\b|\b(?:pkill|killall)\b.*\bauditd\b"
        ),
    ),
    "switches logging off": (
        "T1562.001",
        (
            r"\b(?:systemctl|service)\b.*\b(?:stop|disable|mask|kill)\b.*\b(?:r?syslogd?|syslog-ng|systemd-journald)\b"
            r"|\bservice\s+(?:r?syslogd?|syslog-ng)\s+stop\b|\b(?:pkill|killall)\b.*\b(?:r?syslogd|syslog-ng)\b"
        ),
    ),
    "clears a Windows event log": (
        "T1070.001",
        r"(?i)\bwevtutil(?:\.exe)?\s+(?:cl|clear-log)\b|\b(?:Clear|Remove)-EventLog\b",
    ),
}
"""What was done -> its ATT&CK id and how it looks on a command line."""

HINTS = ("/var/", "HIST", "hist", "audit", "journalctl", "utmpdump", "wevtutil", "EventLog", "syslog", "journald")
"""One of these stands in every line that a pattern fits, in this or that case: a quick look before a slow one."""

_LONGEST = 4096


def tampering(line: pl.Expr) -> pl.Expr:
    """Return what a command line does to logs, in the words of ``TAMPERING``; null for nothing."""
    head = line.str.head(_LONGEST).str.replace_all(_ROTATED, " ")
    done = [pl.when(head.str.contains(pattern)).then(pl.lit(what)) for what, (_, pattern) in TAMPERING.items()]
    worth = head.str.contains_any(list(HINTS), ascii_case_insensitive=True)
    return pl.when(worth).then(pl.coalesce(done))


def technique(of: pl.Expr) -> pl.Expr:
    """Return the ATT&CK id of what ``tampering`` found."""
    return of.replace_strict({what: row[0] for what, row in TAMPERING.items()}, default=None, return_dtype=pl.String)
