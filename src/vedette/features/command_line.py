"""Command lines as a shell reads them, and the signs that each holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.command_decode import LONGEST, decode
from vedette.features.command_signs import OTHER, SIGNS
from vedette.features.sign import person, signs_of

LONG_SCRIPT = 1_500
"""Characters beyond which weak signs do not count, as in a script of several lines: it holds some of everything."""
WEAK = 2
"""Strength up to which a sign is weak."""
_LINE, _CODE = "process.cmd_line", "metadata.event_code"
SCRIPT, SERVICE, TASK, PROCESS = "a script", "a service", "a scheduled task", "a command"
"""What a line is; the first three are told in place of the event's code by the classes of ``also``."""
_LAUNCH = 1
PARTS = "vedette.parts"
"""In how many parts a script block is logged; one of several is judged with the others, in ``command_script``."""
READ = pl.Struct({"text": pl.String, "facts": pl.List(pl.UInt8), "kind": pl.String})


def _as(what: str, line: pl.Expr, user: str = "actor.user.name") -> dict[str, pl.Expr]:
    shared = ("device.hostname", "actor.process.name", "actor.process.file.path")
    return {
        _LINE: line,
        _CODE: pl.lit(what),
        "actor.user.name": pl.col(user),
        **{c: pl.col(c) for c in shared},
    }


_in_parts = (pl.col(PARTS) > 1) & pl.col("script.uid").is_not_null()
_whole = pl.when(~_in_parts.fill_null(value=False)).then("script.script_content.value")


class CommandLine(EventFeatures):
    """A row per command line, script block, or command of a service or scheduled task: decoded, with the signs that it holds.

    A script block that is logged in several parts is none of these rows: ``CommandScript`` puts it together.

    ``text``: the line as a shell reads it (``command_decode``), in lower case; ``facts``: the places of its signs in
    ``command_signs.SIGNS``; ``kind``: what they speak of most; ``what``: a command, a script, a service or a scheduled task; ``line``: the
    line as it was written, cut; ``parent``: the program that started it; ``long``: more was written than is read.
    """

    name = "command_line"
    needs = EventClass.PROCESS_ACTIVITY
    requires = (_LINE,)
    uses = (
        *(
            "activity_id",
            "device.hostname",
            "actor.user.name",
            "process.user.name",
            "process.name",
            "process.file.path",
            _CODE,
        ),
        *(
            "process.parent_process.name",
            "process.parent_process.file.path",
            "actor.process.name",
            "actor.process.file.path",
        ),
    )
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {
        EventClass.SCRIPT_ACTIVITY: _as(SCRIPT, _whole),
        EventClass.WINDOWS_SERVICE_ACTIVITY: _as(SERVICE, pl.col("win_service.cmd_line")),
        EventClass.SCHEDULED_JOB_ACTIVITY: _as(TASK, pl.col("job.cmd_line")),
    }
    keys = ("host", "account", "kind")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        line, code = pl.col(_LINE), pl.col(_CODE)
        launched = (pl.col("activity_id") == _LAUNCH).fill_null(value=True)
        what = pl.when(code.is_in([SCRIPT, SERVICE, TASK])).then(code).otherwise(pl.lit(PROCESS))
        read = line.map_batches(read_lines, return_dtype=READ, is_elementwise=True)
        parent = pl.coalesce(
            last("process.parent_process.file.path"),
            "process.parent_process.name",
            last("actor.process.file.path"),
            "actor.process.name",
        )
        return (
            events.filter(launched & line.str.contains(r"\S"))
            .select(
                *("time", "metadata.log_name", "metadata.sequence"),
                pl.col("device.hostname").alias("host"),
                person(pl.coalesce("process.user.name", "actor.user.name")).alias("account"),
                pl.coalesce(last("process.file.path"), "process.name").alias("program"),
                parent.alias("parent"),
                what.alias("what"),
                line.str.head(KEPT).alias("line"),
                (line.str.len_chars() > LONGEST).alias("long"),
                read.alias("_read"),
            )
            .unnest("_read")
        )


KEPT = 1_000


def last(path: str) -> pl.Expr:
    """Return the last part of a path."""
    return pl.col(path).str.extract(r"([^\\/]+)$")


def read_lines(lines: pl.Series) -> pl.Series:
    """Return (n,) structs (``READ``) of what lines say; each distinct one is read once."""
    distinct = lines.unique(maintain_order=True)
    text = decode(distinct)
    held = _clear(text, signs_of(text, SIGNS))
    told = pl.DataFrame({"line": distinct, "text": text, "facts": held, "kind": kinds_of(held)})
    joined = lines.alias("line").to_frame().join(told, on="line", how="left", nulls_equal=True, maintain_order="left")
    return joined.select(pl.struct(*READ.to_schema()).alias("read")).to_series()


def _clear(text: pl.Series, held: pl.Series) -> pl.Series:
    """Return the signs without the weak ones of scripts, long or of several lines."""
    long = (text.str.len_chars() > LONG_SCRIPT) | text.str.contains("\n", literal=True)
    if not long.any():
        return held
    strong = pl.lit(pl.Series([i for i, s in enumerate(SIGNS) if s.strength > WEAK], dtype=pl.UInt8))
    kept = pl.col("held").list.set_intersection(strong.implode()).list.sort()
    return pl.DataFrame({"held": held, "long": long}).select(
        pl.when("long").then(kept).otherwise("held").alias("signs")
    )["signs"]


def kinds_of(held: pl.Series) -> pl.Series:
    """Return (n,) String: the kind that the signs speak of most; of two alike, the one of the first sign; ``OTHER`` where none."""
    names = list(dict.fromkeys(s.kind for s in SIGNS))
    strength = np.zeros((len(SIGNS), len(names)))
    for place, sign in enumerate(SIGNS):
        strength[place, names.index(sign.kind)] = sign.strength
    sums = np.zeros((len(held), len(names)))
    sizes = held.list.len().to_numpy()
    np.add.at(sums, np.repeat(np.arange(len(held)), sizes), strength[held.explode().drop_nulls().to_numpy()])
    best = np.where(sizes > 0, sums.argmax(axis=1), len(names))
    return pl.Series([*names, OTHER]).gather(best).alias("kind")
