"""One file of the lake: what its name says, and how it is written whole or not at all."""

from __future__ import annotations

import io
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from vedette.errors import StoreError
from vedette.events.schema import SCHEMAS, EventClass
from vedette.store.settle import settle

ODD_DAY = "19700101"
"""Where events lie whose day is not known, or is one of too many: a day, so that other tools take all of them for one."""
ROW_GROUP = 1 << 16
FRESH = ".new-"
"""How a file is called while it is written; readers pass over names that begin with a dot."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)
_NAME = re.compile(r"(\d{16,20})-(\d{16,20})_(-?\d{1,19})-(-?\d{1,19})_(\d{1,12})_(\d{1,6})(m?)\.parquet")
_FOLDERS = re.compile(r"class=(\d{1,9})"), re.compile(r"eventDay=(\d{8})")


@dataclass(slots=True, eq=False)
class LakeFile:
    """A file: events of one class and day, of neighbouring records of the intake log.

    Attributes:
        kind: class of the events.
        day: ``YYYYMMDD`` (UTC) of their times, or ``ODD_DAY``.
        first: position of the first record that it holds events of; ``last``: of the last.
        since: time of the earliest event in microseconds since the epoch; ``until``: of the latest.
        written: when the last of them were written first, in seconds since the epoch.
        part: tells apart the files of one writing.
        merged: it holds what was in several files.
        size: bytes on disk.
        frame: its rows, while they are held in memory.
    """

    kind: EventClass
    day: str
    first: int
    last: int
    since: int
    until: int
    written: int
    part: int = 0
    merged: bool = False
    size: int = 0
    frame: pl.DataFrame | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Name below the lake's folder, with the folders of its class and day."""
        own = f"{self.first:016}-{self.last:016}_{self.since}-{self.until}_{self.written}_{self.part}"
        return f"class={self.kind.value}/eventDay={self.day}/{own}{'m' * self.merged}.parquet"

    def meets(self, since: datetime | None, until: datetime | None) -> bool:
        """Return whether an event may lie at ``since`` or later and before ``until``."""
        return (since is None or microseconds(since) <= self.until) and (
            until is None or self.since < microseconds(until)
        )

    def replaces(self, other: LakeFile) -> bool:
        """Return whether all that another file holds is in this one: it was merged into it."""
        table = (self.kind, self.day) == (other.kind, other.day)
        inside = self.first <= other.first and other.last <= self.last
        return (
            self.merged
            and table
            and inside
            and (not other.merged or (self.first, self.last) != (other.first, other.last))
        )

    @property
    def rows(self) -> pl.DataFrame:
        """Its rows, of a file that is held in memory."""
        if self.frame is None:
            raise ValueError(f"{self.name} is not held in memory")
        return self.frame

    def place(self) -> tuple[int, int, int]:
        """Return what puts files in order: by their records."""
        return self.first, self.last, self.part


def named(path: Path, folder: Path) -> LakeFile | None:
    """Return what a path below ``folder`` says of its file; None where it is none of ours."""
    try:
        kind, day, name = path.relative_to(folder).parts
    except ValueError:
        return None
    found = [pattern.fullmatch(text) for pattern, text in zip((*_FOLDERS, _NAME), (kind, day, name), strict=True)]
    if not all(found) or found[0] is None or found[1] is None or found[2] is None:
        return None
    number = int(found[0][1])
    if number not in {k.value for k in EventClass}:
        return None
    first, last, since, until, written, part = map(int, found[2].groups()[:6])
    made = LakeFile(EventClass(number), found[1][1], first, last, since, until, written, part, bool(found[2][7]))
    made.size = path.stat().st_size
    return made


def span(frame: pl.DataFrame) -> tuple[int, int]:
    """Return the earliest and latest time of events, in microseconds since the epoch; of none, the epoch."""
    times = frame["time"].dt.timestamp("us")
    since, until = times.min(), times.max()
    return (since, until) if isinstance(since, int) and isinstance(until, int) else (0, 0)


def microseconds(moment: datetime) -> int:
    """Return a time since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND


def joined(frames: list[pl.DataFrame], kind: EventClass) -> pl.DataFrame:
    """Return frames of one class as one, their columns in the order of the schema; what one of them lacks is null."""
    whole = frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal", rechunk=True)
    known = [c for c in SCHEMAS[kind] if c in whole.columns]
    return whole.select(*known, *sorted(set(whole.columns) - set(known)))


def write_whole(frame: pl.DataFrame, target: Path) -> int:
    """Write a file, safe on disk when this returns; whoever is interrupted leaves none, or the one before. Return its size.

    Raises:
        StoreError: the disk is full or cannot be written.
    """
    stream = io.BytesIO()
    frame.write_parquet(stream, row_group_size=ROW_GROUP, compression_level=1)
    fresh = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, fresh = tempfile.mkstemp(prefix=FRESH, dir=target.parent)
        with os.fdopen(number, "wb") as file:
            size = file.write(stream.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(target)
        settle(target.parent)
    except OSError as error:
        if fresh:
            Path(fresh).unlink(missing_ok=True)
        raise StoreError(
            f"events cannot be written to the lake: {error.strerror}",
            where=str(target.parent),
            hint="make room on the disk, or shorten retention.events_days; what came in is kept in the log meanwhile",
        ) from error
    return size
