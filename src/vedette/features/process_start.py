"""Which program starts which on a Windows host, with the signs of an intruder in it: a row per start that holds one."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.process_start_signs import SIGNS
from vedette.features.sign import fields, person, reading

_LAUNCH = 1
_SHOWN = 300
_PARENT = "process.parent_process.file.path"


class ProcessStart(EventFeatures):
    """A row per start of a program that holds a sign.

    ``image``, ``parent``, ``line``, ``account``; ``signs``: places in ``process_start_signs.SIGNS``; ``kind``: what they speak of most;
    ``told``: the strongest in words.
    """

    name = "process_start"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ("process.file.path",)
    uses = (
        *(
            "activity_id",
            "device.hostname",
            _PARENT,
            "process.parent_process.cmd_line",
            "process.cmd_line",
            "process.user.name",
        ),
        *(
            "actor.user.name",
            "process.integrity",
            "process.file.internal_name",
            "process.file.company_name",
            "process.file.desc",
            "process.parent_process.name",
        ),
        "actor.process.file.path",
    )
    keys = ("host", "kind", "account")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        user = pl.coalesce("process.user.name", "actor.user.name")
        parent = pl.coalesce(_PARENT, "process.parent_process.name", "actor.process.file.path")
        text = fields(
            image=pl.col("process.file.path"),
            parent=parent,
            user=user,
            integrity=_integrity(),
            own=pl.col("process.file.internal_name"),
            desc=pl.col("process.file.desc"),
            company=pl.col("process.file.company_name"),
            line=pl.col("process.cmd_line").str.head(_SHOWN),
            by=pl.col("process.parent_process.cmd_line").str.head(_SHOWN),
        )
        launched = events.filter((pl.col("activity_id") == _LAUNCH).fill_null(value=True))
        return (
            launched.select(
                *("time", "metadata.log_name", "metadata.sequence"),
                pl.col("device.hostname").alias("host"),
                person(user).alias("account"),
                pl.col("process.file.path").str.head(_SHOWN).alias("image"),
                parent.str.head(_SHOWN).alias("parent"),
                pl.coalesce("process.cmd_line", "process.file.path").str.head(_SHOWN).alias("line"),
                reading(text, SIGNS).alias("_read"),
            )
            .unnest("_read")
            .filter(pl.col("signs").list.len() > 0)
        )


def _integrity() -> pl.Expr:
    """Return the integrity as a word: Security 4688 names the label's SID."""
    level = pl.col("process.integrity")
    return level.replace(
        {"S-1-16-16384": "System", "S-1-16-12288": "High", "S-1-16-8192": "Medium", "S-1-16-4096": "Low"}
    )
