"""Which files of the lake batches become, which files are made one, and what is left of rows when a person is erased."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes
from vedette.store.lake_file import ODD_DAY, LakeFile, joined, span

MOST_COLUMNS = 512
"""Of one file that several batches go into: a sender of ever new names shall not fill the memory with nulls."""
MOST_DAYS = 16
"""Days that the events of one class may be spread over in one writing; what lies on others goes into one folder together."""
MERGED_BYTES = 16 << 20
"""Files that are smaller in all are made one."""
MANY_FILES = 16
"""Neighbouring small files of the present day that are made one."""


@dataclass(slots=True)
class Waiting:
    """A batch that is not written yet: of which record of the log, and its times in microseconds since the epoch."""

    batch: EventBatch
    position: int
    since: int
    until: int


def plan(waiting: Sequence[Waiting], written: int) -> list[LakeFile]:
    """Return the files that batches become, in order of their positions: of a class and day, with a bounded number of columns.

    Args:
        waiting: in the order they came.
        written: seconds since the epoch.
    """
    files: list[LakeFile] = []
    for group in _groups(waiting):
        kind = group[0].batch.kind
        for day, part in _days(joined([w.batch.frame for w in group], kind)):
            records = group[0].position, group[-1].position
            file = LakeFile(kind, day, *records, *span(part), written, len(files), frame=part)
            file.size = memory_bytes(part)
            files.append(file)
    return sorted(files, key=LakeFile.place)


def _groups(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Yield batches of one class that become one frame."""
    growing: dict[EventClass, list[Waiting]] = {}
    columns: dict[EventClass, set[str]] = {}
    for waits in waiting:
        kind, own = waits.batch.kind, set(waits.batch.frame.columns)
        if kind in growing and len(columns[kind] | own) > MOST_COLUMNS:
            yield growing.pop(kind)
            del columns[kind]
        growing.setdefault(kind, []).append(waits)
        columns.setdefault(kind, set()).update(own)
    yield from growing.values()


def _days(frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the rows of each day; of days beyond ``MOST_DAYS``, those with fewest rows, and of no day, together."""
    days = frame["time"].dt.strftime("%Y%m%d").fill_null(ODD_DAY)
    counts = days.value_counts(sort=True).sort("count", "time", descending=[True, False])
    usual = [d for d in counts["time"].head(MOST_DAYS).to_list() if len(d) == len(ODD_DAY) and d.isdigit()]
    day = pl.when(pl.col("_day").is_in(usual)).then("_day").otherwise(pl.lit(ODD_DAY)).alias("_day")
    marked = frame.with_columns(_day=days).with_columns(day)
    parts = marked.partition_by("_day", as_dict=True, include_key=False, maintain_order=True)
    for (name,), part in parts.items():
        yield str(name), part


def runs(files: Sequence[LakeFile], today: str) -> Iterator[list[LakeFile]]:
    """Yield neighbouring files of a class and day that are worth being made one.

    Args:
        files: what may be merged.
        today: ``YYYYMMDD``; files of days that are over are made one sooner.
    """
    tables: dict[tuple[EventClass, str], list[LakeFile]] = {}
    for file in sorted(files, key=LakeFile.place):
        tables.setdefault((file.kind, file.day), []).append(file)
    for (_, day), table in tables.items():
        least = MANY_FILES if day >= today else 2
        yield from (run for run in _packed(table) if len(run) >= least)


def _packed(table: Sequence[LakeFile]) -> Iterator[list[LakeFile]]:
    """Yield neighbouring files that are not too large in all."""
    run: list[LakeFile] = []
    for block in _blocks(table):
        if _size(run) + _size(block) > MERGED_BYTES:
            yield run
            run = []
        if _size(block) <= MERGED_BYTES:
            run += block
    yield run


def _blocks(table: Sequence[LakeFile]) -> Iterator[list[LakeFile]]:
    """Yield files that have records in common: a merged file holds all that lies within its records, so these stay together."""
    block: list[LakeFile] = []
    for file in table:
        if block and file.first > max(f.last for f in block):
            yield block
            block = []
        block.append(file)
    if block:
        yield block


def _size(files: Sequence[LakeFile]) -> int:
    return sum(f.size for f in files)


def united(run: Sequence[LakeFile]) -> LakeFile:
    """Return the file that takes the place of several."""
    return replace(
        run[0],
        last=max(f.last for f in run),
        since=min(f.since for f in run),
        until=max(f.until for f in run),
        written=max(f.written for f in run),
        merged=True,
        frame=None,
    )


def without(frame: pl.DataFrame, value: str, *, anywhere: bool) -> pl.DataFrame:
    """Return the rows that do not name ``value``: in a text column, in a list of texts; with ``anywhere`` as a word of a text as well."""
    texts = [c for c, d in frame.schema.items() if d == pl.String]
    lists = [c for c, d in frame.schema.items() if d == pl.List(pl.String)]
    naming = [pl.col(c) == value for c in texts] + [pl.col(c).list.contains(value) for c in lists]
    if anywhere:
        word = rf"(?:^|\W){re.escape(value)}(?:\W|$)"
        naming += [pl.col(c).str.contains(word) for c in texts]
    if not naming:
        return frame
    return frame.filter(~pl.any_horizontal(e.fill_null(value=False) for e in naming))
