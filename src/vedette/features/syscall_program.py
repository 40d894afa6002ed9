"""Which system calls a program of a host makes in an hour, as far as the host's audit rules watch them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.first_seen_sample import count_drawn, drawn, merge_drawn

HOUR = timedelta(hours=1)
KEPT = 16
"""Calls of a program and hour that are looked at; of more, a sample."""

_STARTS = ("execve", "execveat")
"""Every program is started by one of these: what a start says, other detectors tell."""
_ON_FILES = {
    1: "creates files",
    3: "changes files",
    4: "deletes files",
    5: "renames files",
    6: "changes rights of files",
    14: "opens files",
}
_provider, _activity = pl.col("metadata.log_provider"), pl.col("activity_id")
_audited = _provider == "auditd"


class SyscallProgram(WindowFeatures):
    """A row per host, program and hour of what Linux audit tells: ``calls`` by name; calls on files and connections in words.

    ``made`` is how many calls there were, ``call_count`` how many different ones. Starts of programs are left out.
    """

    name = "syscall_program"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ("vedette.syscall", "process.file.path")
    uses = ("device.hostname",)
    also = {  # noqa: RUF012 - a ClassVar of the base
        EventClass.FILE_ACTIVITY: {
            "vedette.syscall": pl.when(_audited).then(
                _activity.replace_strict(_ON_FILES, default=None, return_dtype=pl.String)
            ),
            "process.file.path": pl.col("actor.process.file.path"),
            "device.hostname": pl.col("device.hostname"),
        },
        EventClass.HOST_CONNECTION: {
            "vedette.syscall": pl.when(_audited).then(pl.lit("connects to others")),
            "process.file.path": pl.col("actor.process.file.path"),
            "device.hostname": pl.col("device.hostname"),
        },
    }
    keys = ("host", "program")
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("made", "call_count"), sets=("calls",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        call = pl.col("vedette.syscall")
        return events.filter(~call.is_in(_STARTS)).with_columns(
            host=pl.col("device.hostname").fill_null(""), program=pl.col("process.file.path"), mark=call.hash()
        )

    def partial(self) -> list[pl.Expr]:
        return [drawn(pl.col("vedette.syscall"), "mark", KEPT).alias("calls"), pl.len().cast(pl.Int64).alias("made")]

    def merge(self) -> list[pl.Expr]:
        return [merge_drawn("calls", KEPT), pl.col("made").sum()]

    def finish(self) -> list[pl.Expr]:
        return [
            pl.col("calls"),
            pl.col("made").cast(pl.Float64),
            count_drawn("calls", KEPT).alias("call_count"),
            pl.when(pl.col("host") != "").then("host").alias("machine"),
        ]
