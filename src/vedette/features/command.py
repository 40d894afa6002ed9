"""Commands that hide traces or take rights, one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass

_SYSTEM_LOG = (
    r"/var/(?:log|run|adm)/(?:auth\.log|secure|syslog|messages|wtmp|btmp|utmp|lastlog|faillog|kern\.log|audit(?:/audit\.log|/?)|"
    r"journal|daemon\.log|maillog|mail\.log|cron(?:\.log)?|sudo\.log|user\.log|httpd|apache2|nginx)\S*"
)
_SYSTEM_LOG = rf"""["']?(?:{_SYSTEM_LOG}|/var/log/?\*?)["']?(?:\s|;|&|\||\)|"|'|$)"""
_ROTATED = r"/var/\S*\.(?:[0-9]+|gz|xz|bz2|zst|old)\b"
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

SHELL = r"^(?:\S*/)?(?:(?:ba|z|da|k|c|tc|a|fi)?sh|su|sudo)(?:\s+-\S*)*(?:\s+root)?\s*$"
"""A shell and nothing for it to do: somebody sits there."""

ESCAPE = (
    r"(?i)\b(?:find\b.*-exec\s+(?:\S*/)?(?:ba|da|z)?sh\b|(?:awk|gawk)\b.*system\(|(?:vim?|less|man)\b.*(?:-c\s*)?['\"]?:?!\s*(?:\S*/)?(?:ba|z)?sh"
    r"|python[0-9.]*\b.*(?:pty\.spawn|os\.system|os\.exec\w+)|perl\b.*\bexec\b|tar\b.*--checkpoint-action=exec|nmap\b.*--interactive"
    r"|env\s+(?:\S*/)?(?:ba|da|z)?sh\b|chmod\s+(?:\S+\s+)*(?:u\+s|[0-7]?[4567][0-7]{3})\s+\S*(?:bash|dash|/sh)\b)"
)
"""Ways from a permitted program to a shell: GTFOBins, https://gtfobins.github.io."""

SERVICE_ACCOUNTS = (
    *(
        "www-data",
        "apache",
        "nginx",
        "nobody",
        "daemon",
        "mysql",
        "postgres",
        "redis",
        "tomcat",
        "jenkins",
        "git",
        "ftp",
        "mail",
        "bin",
    ),
    *(
        "www",
        "http",
        "mongodb",
        "elasticsearch",
        "solr",
        "zabbix",
        "nagios",
        "backup",
        "proxy",
        "games",
        "sshd",
        "systemd-network",
    ),
)
"""Accounts of programs, which no person uses."""


class Command(EventFeatures):
    """A row per command that tampers with logs or opens a shell with another account's rights.

    ``tampering``: what it does to logs, null for nothing; ``technique``: its ATT&CK id; ``shell``: it opens a bare shell; ``escape``: it
    reaches one through another program; ``by_service``: the account that runs it belongs to a program.
    """

    name = "command"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ("process.cmd_line",)
    uses = ("actor.user.name", "process.user.name", "device.hostname", "actor.process.name")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        line = pl.col("process.cmd_line").str.head(4096)
        done = [pl.when(line.str.contains(pattern)).then(pl.lit(what)) for what, (_, pattern) in TAMPERING.items()]
        rotated = line.str.contains(_ROTATED)
        who, becomes = pl.col("actor.user.name"), pl.col("process.user.name")
        rows = events.with_columns(
            tampering=pl.when(~rotated).then(pl.coalesce(done)),
            shell=line.str.contains(SHELL).fill_null(value=False) & (becomes != who).fill_null(value=False),
            escape=line.str.contains(ESCAPE).fill_null(value=False) & (becomes != who).fill_null(value=False),
            by_service=who.is_in(SERVICE_ACCOUNTS).fill_null(value=False),
            account=pl.coalesce(who, becomes, pl.lit("(unknown account)")),
            becomes=becomes.fill_null("?"),
            host=pl.col("device.hostname").fill_null("(unnamed host)"),
            command=line.str.head(200),
        )
        techniques = {what: technique for what, (technique, _) in TAMPERING.items()}
        return (
            rows.filter(pl.col("tampering").is_not_null() | pl.col("shell") | pl.col("escape"))
            .with_columns(
                technique=pl.col("tampering").replace_strict(techniques, default=None, return_dtype=pl.String)
            )
            .select(
                *("time", "metadata.log_name", "metadata.sequence", "host", "account", "becomes", "command"),
                *("tampering", "technique", "shell", "escape", "by_service"),
            )
        )
