"""What one process does to another on a Windows host: a row per opening, thread or tampering that holds a sign."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.features.process_access_signs import SIGNS
from vedette.features.sign import fields, person, reading

RIGHTS = {
    "thread": 0x0002,
    "write": 0x0020,
    "read": 0x0010,
    "handle": 0x0040,
    "parent": 0x0080,
    "query": 0x0400,
    "suspend": 0x0800,
}
"""Word -> bit of the mask: create threads, write and read memory, copy handles, create processes, ask for the token, halt it."""
_ALL = 0x1F0FFF
"""A mask with all of these bits asks for everything."""
_OPEN, _INJECT = 3, 4
_TAMPER = "25"
_SHOWN = 300


class ProcessAccess(EventFeatures):
    """A row per process that opens another, puts a thread into it or replaces its image, where that holds a sign.

    ``source``, ``target``, ``rights``, ``account``; ``signs``: places in ``process_access_signs.SIGNS``; ``kind``: what they speak of most;
    ``told``: the strongest in words.
    """

    name = "process_access"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ("activity_id", "process.file.path")
    uses = (
        *(
            "device.hostname",
            "actor.process.file.path",
            "actor.process.name",
            "actor.user.name",
            "requested_permissions",
        ),
        *("module.file.path", "module.function_name", "metadata.event_code", "unmapped.CallTrace"),
    )
    keys = ("host", "kind", "source")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        deed = pl.col("activity_id")
        tampered = pl.col("metadata.event_code") == _TAMPER
        what = (
            pl.when(tampered)
            .then(pl.lit("tamper"))
            .when(deed == _OPEN)
            .then(pl.lit("open"))
            .when(deed == _INJECT)
            .then(pl.lit("inject"))
        )
        source = pl.coalesce("actor.process.file.path", "actor.process.name")
        mask = pl.col("requested_permissions")
        words = [pl.when((mask & bit) == bit).then(pl.lit(word)) for word, bit in RIGHTS.items()]
        rights = pl.concat_str(
            pl.when((mask & _ALL) == _ALL).then(pl.lit("all")), *words, separator=" ", ignore_nulls=True
        )
        start = pl.concat_str("module.file.path", "module.function_name", separator=" ", ignore_nulls=True)
        found = events.with_columns(what=what, source=source, rights=rights).filter(pl.col("what").is_not_null())
        text = fields(
            what=pl.col("what"),
            source=pl.col("source"),
            target=pl.col("process.file.path"),
            rights=pl.col("rights"),
            trace=pl.col("unmapped.CallTrace"),
            start=start,
            user=pl.col("actor.user.name"),
        )
        return (
            found.select(
                *("time", "metadata.log_name", "metadata.sequence", "what", "rights"),
                pl.col("device.hostname").alias("host"),
                person(pl.col("actor.user.name")).alias("account"),
                pl.col("source").str.head(_SHOWN),
                pl.col("process.file.path").str.head(_SHOWN).alias("target"),
                reading(text, SIGNS).alias("_read"),
            )
            .unnest("_read")
            .filter(pl.col("signs").list.len() > 0)
        )
