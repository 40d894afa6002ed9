"""Commands that hide traces or take rights, one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.tampering import tampering, technique

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
        who, becomes = pl.col("actor.user.name"), pl.col("process.user.name")
        rows = events.with_columns(
            tampering=tampering(line),
            shell=line.str.contains(SHELL).fill_null(value=False) & (becomes != who).fill_null(value=False),
            escape=line.str.contains(ESCAPE).fill_null(value=False) & (becomes != who).fill_null(value=False),
            by_service=who.is_in(SERVICE_ACCOUNTS).fill_null(value=False),
            account=pl.coalesce(who, becomes),
            becomes=becomes,
            host=pl.col("device.hostname"),
            command=line.str.head(200),
        )
        rows = rows.filter(pl.col("tampering").is_not_null() | pl.col("shell") | pl.col("escape"))
        return rows.with_columns(technique=technique(pl.col("tampering"))).select(
            *("time", "metadata.log_name", "metadata.sequence", "host", "account", "becomes", "command"),
            *("tampering", "technique", "shell", "escape", "by_service"),
        )
