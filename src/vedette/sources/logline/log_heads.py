"""What stands between the time and the message of a line: severity, program, number of the process, host. A table of the usual forms."""

from __future__ import annotations

import polars as pl
from polars import col

HEADS: tuple[str, ...] = ("host", "program", "pid", "level", "message")
"""Columns that a head is parted into."""

LEVELS: dict[str, int] = {
    **dict.fromkeys(("trace", "verbose", "debug", "fine", "finer", "finest", "v", "d"), 1),
    **dict.fromkeys(("info", "information", "informational", "notice", "note", "log", "i", "config", "statement"), 1),
    **dict.fromkeys(("warn", "warning", "w"), 3),
    **dict.fromkeys(("error", "err", "e", "severe", "failure"), 4),
    **dict.fromkeys(("crit", "critical", "system"), 5),
    **dict.fromkeys(("fatal", "emerg", "alert", "panic", "f", "emergency"), 6),
}
"""Word -> OCSF severity: 1 informational, 3 medium, 4 high, 5 critical, 6 fatal."""

_LEVEL = (
    r"(?P<level>TRACE|VERBOSE|DEBUG|FINEST|FINER|FINE|CONFIG|INFORMATIONAL|INFORMATION|INFO|NOTICE|NOTE|LOG|WARNING|WARN|ERROR|ERR|SEVERE"
    r"|FATAL|CRITICAL|CRIT|ALERT|EMERGENCY|EMERG|PANIC|STATEMENT|FAILURE"
    r"|Trace|Verbose|Debug|Information|Info|Notice|Note|Warning|Warn|Error|Critical|Fatal|System"
    r"|trace|debug|info|notice|warning|warn|error|err|fatal|critical|crit|alert|emerg|panic)\b"
)
_SEP = r"[ \t,:|\]-]*"
_PID = r"(?:\[?(?P<pid>[0-9]{1,10})\]?[ :|]+)?"
_THREAD = r"(?:\[[^\]]*\][ :|-]*)?"
_NAMED = (
    r"(?:(?P<program>[A-Za-z_][0-9A-Za-z_.$/@()-]*)(?:\[(?P<own>[0-9]{1,10})\])?:(?: |$)"
    r"|(?P<dotted>[A-Za-z_][0-9A-Za-z_]*(?:\.[0-9A-Za-z_$]+)+)[: ] ?"
    r"|(?P<spaced>[A-Za-z][0-9A-Za-z_]{1,30}) {2,})?"
)
_MESSAGE = r"[ \t-]*(?P<message>.*)$"
_SUPER = r"^ (?:[0-9]{4}\.[0-9]{2}\.[0-9]{2}) (?P<host>[^ ]+) "
FORMS: tuple[str, ...] = (
    _SUPER + r"[0-9.-]{26} [^ ]+ [A-Z]+ (?P<program>[A-Z_]+) (?P<level>[A-Z]+) (?P<message>.*)$",  # supercomputers: RAS
    _SUPER
    + r"[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9:]{8} [^ ]+ (?P<program>[^ :\[]+)(?:\[(?P<pid>[0-9]{1,10})\])?: ?(?P<message>.*)$",
    r"^ +(?P<pid>[0-9]{1,7}) +[0-9]{1,7} (?P<level>[VDIWEF]) (?P<program>[^:]*?) *: ?(?P<message>.*)$",  # Android
    r"^\|(?P<program>[^|]+)\|(?P<pid>[0-9]{1,10})\|(?P<message>.*)$",
    r"^ ?(?:[ \t]*\[(?:(?P<program>[0-9A-Za-z_.-]+):)?"
    + _LEVEL
    + r"\]) ?(?:\[pid (?P<pid>[0-9]{1,10})[^\]]*\] ?)?(?P<message>.*)$",  # Apache, nginx
    "^" + _SEP + _PID + _THREAD + r"[\[<(]?" + _LEVEL + r"[\])>]?" + _SEP + _THREAD + _NAMED + _MESSAGE,
    "^"
    + _SEP
    + r"(?P<program>[A-Za-z_][0-9A-Za-z_.$/-]*)(?:\[(?P<pid>[0-9]{1,10})\])?[ |:-]+\[?"
    + _LEVEL
    + r"\]?"
    + _SEP
    + _MESSAGE,
    r"^ *(?P<pid>[0-9]{1,7}) (?P<program>[0-9A-Za-z_.-]+):[0-9]{1,6}\] (?P<message>.*)$",  # glog and klog
    (
        r"^ +(?P<host>[A-Za-z][0-9A-Za-z_.-]*|[0-9A-Fa-f]+[.:][0-9A-Fa-f.:]+) (?P<program>[A-Za-z_][0-9A-Za-z_./()-]*)"
        r"(?:\[(?P<pid>[0-9]{1,10})\])?: (?P<message>.*)$"
    ),
    "^" + _SEP + r"(?P<program>[A-Za-z_][0-9A-Za-z_./$-]*)(?:\[(?P<pid>[0-9]{1,10})\])?: (?P<message>.*)$",
    "^" + _SEP + r"(?P<program>[A-Za-z_][0-9A-Za-z_.-]*)(?: \*64)? - (?P<message>.*)$",
    "^" + _SEP + r"(?P<message>.*)$",
)
_KEYED = r"(?i)\b(?:level|lvl|severity)=\"?([a-z]{1,12})"


def parted(rests: pl.Series) -> pl.DataFrame:
    """Return (n, ``HEADS``) of what follows the times of n lines; null where a line does not say it.

    Example:
        >>> parted(pl.Series([" INFO [main] org.example.App: started in 12 ms"])).row(0)
        (None, 'org.example.App', None, 'INFO', 'started in 12 ms')
    """
    left = rests.alias("rest").to_frame().with_row_index("row")
    found = []
    for form in FORMS:
        fits = left["rest"].str.contains(form)
        if fits.any():
            found.append(_columns(left.filter(fits), form))
            left = left.filter(~fits)
        if left.is_empty():
            break
    empty = pl.DataFrame(schema={"row": pl.UInt32, **dict.fromkeys(HEADS, pl.String)})
    rest = left.select("row", *(pl.lit(None, pl.String).alias(h) for h in HEADS[:-1]), message=col("rest"))
    return pl.concat([empty, *found, rest]).sort("row").drop("row")


def _columns(rows: pl.DataFrame, form: str) -> pl.DataFrame:
    groups = rows.select("row", "rest", col("rest").str.extract_groups(form).alias("g")).unnest("g")
    have = groups.columns
    level = col("level") if "level" in have else col("rest").str.extract(_KEYED, 1)
    made = {
        "host": ("host",),
        "program": ("program", "dotted", "spaced"),
        "pid": ("pid", "own"),
        "message": ("message",),
    }
    columns = {k: pl.coalesce(*(c for c in names if c in have)) for k, names in made.items() if {*names} & {*have}}
    columns["level"] = level
    return groups.select("row", *(columns.get(h, pl.lit(None, pl.String)).cast(pl.String).alias(h) for h in HEADS))


def severity(level: pl.Expr) -> pl.Expr:
    """Return the OCSF severity of a word, null where there is none."""
    return level.str.to_lowercase().replace_strict(LEVELS, default=None, return_dtype=pl.Int32)
