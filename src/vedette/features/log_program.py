"""What a program of a host logs in an hour: which shapes of lines, how many lines, how many that tell of failures."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.first_seen_sample import count_drawn, drawn, merge_drawn
from vedette.features.log_shape import shape

HOUR = timedelta(hours=1)
KEPT = 32
"""Shapes of a program and hour that are looked at; of more, a sample."""
LONGEST = 160
"""Characters of a shape that are kept."""
FAILED = 4
"""OCSF severity from which a line tells of a failure: high, error."""

TROUBLE = (
    r"(?i)\b(?:segfault|core dump|stack smashing|buffer overflow|use-after-free|traps?:|panic|exploit|attack|malicious|injection"
    r"|denied|forbidden|unauthori[sz]ed|not permitted|illegal|violation|tamper\w*|invalid signature|untrusted|corrupt\w*"
    r"|fatal|exception|failed|failure|error)\b"
)
"""Words of a line that an attack makes likelier."""
_GOES_ON = r"^(?:\s|Caused by|Traceback|\.\.\. |\})"
"""How a line begins that only goes on with the one before (a stack trace): no line of its own."""
_ROTATED = r"(?:\.[0-9]+|\.gz|\.xz|\.zst|\.bz2|[-.][0-9]{8}(?:[-T][0-9]+)?)*$"


class LogProgram(WindowFeatures):
    """A row per host, program and hour, of log lines that are kept as text.

    ``shapes`` are the shapes of its lines (``features.log_shape``), ``shape_count`` how many there were, ``lines`` how many lines and
    ``failures`` how many of them are errors by their severity or their words. A log that does not name its host is its own host, under the
    name of its file without the mark of rotation. ``service`` is the program, null where a log does not name it.
    """

    name = "log_program"
    needs = EventClass.EVENT_LOG
    requires = ("message",)
    uses = ("device.hostname", "actor.process.name", "severity_id")
    keys = ("host", "program")
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("lines", "failures", "shape_count"), hourly=("lines",), sets=("shapes",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        message = pl.col("message")
        file = pl.col("metadata.log_name").str.extract(r"([^/\\!]+)$").str.replace(_ROTATED, "")
        lines = events.filter(~message.str.contains(_GOES_ON)).with_columns(
            host=pl.coalesce("device.hostname", file, pl.lit("")),
            program=pl.col("actor.process.name").fill_null(""),
            shape=shape(message).str.slice(0, LONGEST),
        )
        failed = (pl.col("severity_id") >= FAILED).fill_null(value=False) | pl.col("shape").str.contains(TROUBLE)
        return lines.with_columns(mark=pl.col("shape").hash(), failed=failed)

    def partial(self) -> list[pl.Expr]:
        return [
            drawn(pl.col("shape"), "mark", KEPT).alias("shapes"),
            pl.len().cast(pl.Int64).alias("lines"),
            pl.col("failed").sum().cast(pl.Int64).alias("failures"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [merge_drawn("shapes", KEPT), pl.col("lines").sum(), pl.col("failures").sum()]

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("shapes"),
            pl.col("lines").cast(pl.Float64),
            pl.col("failures").cast(pl.Float64),
            count_drawn("shapes", KEPT).alias("shape_count"),
            pl.when(pl.col("program") != "").then("program").alias("service"),
        ]
