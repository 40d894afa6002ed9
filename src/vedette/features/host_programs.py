"""Which programs a host starts, and under which parents: sets that are remembered, so that what is new and rare shows."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass

MOST = 256
"""Pairs of one host in an hour that are remembered: the first ones in order of text."""
_PARENT = "process.parent_process.file.path"
_LAUNCH = 1
_CHANGING = (
    (r"\\users\\[^\\]+\\", "\\users\\*\\"),
    (r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", "*"),
    (r"[0-9a-f]{12,}", "*"),
    (r"\d+", "0"),
    (r"/home/[^/]+/", "/home/*/"),
)
"""Parts of paths that differ from host to host and from version to version, and what they become."""


class HostPrograms(WindowFeatures):
    """A row per host and hour: ``programs`` (paths) and ``pairs`` (parent > program) that it started, both without numbers."""

    name = "host_programs"
    needs = EventClass.PROCESS_ACTIVITY
    requires = ("device.hostname", "process.file.path")
    uses = ("activity_id", _PARENT, "process.parent_process.name", "actor.process.file.path")
    keys = ("host",)
    windows = (timedelta(hours=1),)
    normal = Normal(timedelta(hours=1), numbers=("starts",), sets=("programs", "pairs"), prior={"starts": (20.0, 1.5)})

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        launched = events.filter((pl.col("activity_id") == _LAUNCH).fill_null(value=True))
        program = _plain(pl.col("process.file.path"))
        parent = pl.coalesce(_last(_PARENT), "process.parent_process.name", _last("actor.process.file.path"))
        pair = pl.format("{} > {}", _plain(parent), program.str.extract(r"([^\\/]+)$"))
        return launched.with_columns(host=pl.col("device.hostname"), program=program, pair=pair)

    def partial(self) -> list[pl.Expr]:
        return [
            _first("program").alias("programs"),
            _first("pair").alias("pairs"),
            pl.len().cast(pl.Int64).alias("starts"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(
                pl.col(c).list.explode(empty_as_null=False).unique().sort().head(MOST).alias(c)
                for c in ("programs", "pairs")
            ),
            pl.col("starts").sum(),
        ]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("programs"), pl.col("pairs"), pl.col("starts")]


def _first(column: str) -> pl.Expr:
    return pl.col(column).drop_nulls().unique().sort().head(MOST)


def _last(path: str) -> pl.Expr:
    return pl.col(path).str.extract(r"([^\\/]+)$")


def _plain(path: pl.Expr) -> pl.Expr:
    """Return a path in lower case without what differs between hosts and versions."""
    text = path.str.head(260).str.to_lowercase()
    for pattern, value in _CHANGING:
        text = text.str.replace_all(pattern, value)
    return text
