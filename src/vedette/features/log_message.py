"""Log lines that tell of cleared logs or of logging that was switched off, one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.tampering import tampering, technique

AUDIT_OFF = r"\baudit_enabled=0\b.*\bold=[12]\b"
"""What the Linux kernel says when somebody switches auditing off."""

CLEARED = r"(?i)\bthe (?:audit|security|system|application) log (?:file )?was cleared\b"
"""What Windows says (event 1102 and 104) when it is forwarded as text."""

EMPTIED = (
    r"(?i)\b(?:truncated|emptied|wiped|removed|deleted)\s+"
    r"/var/log/(?:auth\.log|secure|syslog|messages|[wb]tmp|lastlog|audit/\S+)(?:\s|$)"
)
"""What a watcher of files says of a system log."""


class LogMessage(EventFeatures):
    """A row per line that is, or holds, a command that tampers with logs (shells and auditd log commands as text), or says so itself."""

    name = "log_message"
    needs = EventClass.EVENT_LOG
    requires = ("message",)
    uses = ("device.hostname", "actor.user.name", "actor.process.name")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        text = pl.col("message")
        said = [
            pl.when(text.str.contains(AUDIT_OFF)).then(pl.lit("switches auditing off")),
            pl.when(text.str.contains(EMPTIED)).then(pl.lit("empties a system log")),
            pl.when(text.str.contains(CLEARED)).then(pl.lit("clears a Windows event log")),
        ]
        rows = events.with_columns(
            tampering=pl.coalesce(*said, tampering(text)),
            host=pl.col("device.hostname"),
            account=pl.col("actor.user.name"),
            line=text.str.head(200),
        ).filter(pl.col("tampering").is_not_null())
        return rows.with_columns(technique=technique(pl.col("tampering"))).select(
            *("time", "metadata.log_name", "metadata.sequence", "host", "account", "line", "tampering", "technique")
        )
