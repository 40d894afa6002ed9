"""The lake: all events that came in, as Parquet files by class and day, which other tools read as they are.

::

    class=4001/eventDay=20261123/0000000000000012-0000000000000057_1795305600000000-1795309199000000_1795309200_0.parquet

As Amazon Security Lake has it: a class of OCSF is a table, ``eventDay`` (UTC) a partition of it. Columns are named by their OCSF path,
``src_endpoint.ip``; fields that have none are called ``unmapped.NAME``. Files of one class may differ in columns: a reader must join
them by name (DuckDB: ``union_by_name=true``; Spark: ``mergeSchema``; Athena does).

A file is named by the records of the intake log whose events it holds (first and last), their earliest and latest time, when it was
written, and a number. After a crash what lies behind the last checkpoint is removed, and comes again: nothing is there twice. What came
last is held in memory as well, so that evidence of what just happened costs no disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from vedette.config.service import Retention
from vedette.errors import SchemaError, StoreError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes
from vedette.store.lake_file import FRESH, LakeFile, joined, microseconds, named, span, write_whole
from vedette.store.lake_plan import MOST_COLUMNS, Waiting, plan, runs, united, without

RECENT_BYTES = 128 << 20
"""Of events held in memory, whether they are written or not."""
FLUSH_BYTES = 48 << 20
"""Of events that wait to be written; more are written at once."""
SLICE_ROWS = 1 << 17
"""Rows that are read at a time."""

_log = logging.getLogger("vedette.live")


class Lake:
    """Keeps events. Safe to use from several threads.

    Args:
        folder: where the files lie.
        retention: how long they stay.
        recent_bytes: what may be held in memory.
        clock: seconds since the epoch.

    Attributes:
        position: of the record of the intake log that the next batches are of.
        lost: events that could neither be written nor held.

    Raises:
        StoreError: the folder cannot be read.
    """

    def __init__(
        self,
        folder: Path,
        retention: Retention | None = None,
        recent_bytes: int = RECENT_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder, self.position, self.lost = folder, 0, 0
        self._retention, self._recent_bytes, self._clock = retention or Retention(), recent_bytes, clock
        self._lock = threading.RLock()
        """Held while what is known of the files changes."""
        self._upkeep = threading.Lock()
        """Held by who writes files anew."""
        self._waiting: list[Waiting] = []
        self._waiting_bytes = self._held_bytes = 0
        self._planned: list[LakeFile] = []
        """Files that are to be written, with their rows."""
        self._files: list[LakeFile] = []
        """In the order of their positions."""
        self._doomed: list[Path] = []
        """Merged into others; somebody may be reading them."""
        self._open()

    def _open(self) -> None:
        """Find the files; remove what an interrupted writing or merging left."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in self.folder.glob(f"class=*/eventDay=*/{FRESH}*"):
                left.unlink()
            found = [f for p in self.folder.glob("class=*/eventDay=*/*.parquet") if (f := named(p, self.folder))]
            merged = [f for f in found if f.merged]
            for file in [f for f in found if any(m.replaces(f) for m in merged)]:
                found.remove(file)
                self._path(file).unlink()
        except OSError as error:
            raise StoreError(f"the lake cannot be opened: {error.strerror}", where=str(self.folder)) from error
        self._files = sorted(found, key=LakeFile.place)

    def _path(self, file: LakeFile) -> Path:
        return self.folder / file.name

    # ---------------------------------------------------------------------------------------------------------------- add

    def add(self, batch: EventBatch, position: int | None = None) -> None:
        """Keep a batch.

        Args:
            batch: events of one class.
            position: of the record of the intake log that they came with; by default ``self.position``. It never goes back.
        """
        if not len(batch):
            return
        size = memory_bytes(batch.frame)
        with self._lock:
            at = self.position if position is None else position
            self._waiting.append(Waiting(batch, at, *span(batch.frame)))
            self._waiting_bytes += size
            if self._waiting_bytes > FLUSH_BYTES:
                try:
                    self.flush()
                except StoreError as error:  # the next checkpoint tells it; judging goes on
                    _log.warning("%s", error.message)
                    self._shrink()

    def _shrink(self) -> None:
        """Let go of the oldest that cannot be written, where memory is used up: it is counted, and evidence will lack it."""
        while self._planned and sum(f.size for f in self._planned) > self._recent_bytes + FLUSH_BYTES:
            self.lost += self._planned.pop(0).rows.height

    def flush(self) -> None:
        """Write what waits, safe on disk when this returns.

        Raises:
            StoreError: the disk is full or cannot be written; what was not written stays in memory, and is tried again by the next call.
        """
        with self._lock:
            waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
            self._planned += plan(waiting, int(self._clock()))
            while self._planned:
                file = self._planned[0]
                size = write_whole(file.rows, self._path(file))
                self._held_bytes += file.size
                file.size = size
                self._files.append(self._planned.pop(0))
            self._forget()

    def _forget(self) -> None:
        """Let go of rows that are on disk, the oldest first, where they are too many."""
        for file in self._files:
            if self._held_bytes <= self._recent_bytes:
                return
            if file.frame is not None:
                self._held_bytes -= memory_bytes(file.frame)
                file.frame = None

    # --------------------------------------------------------------------------------------------------------------- read

    def read(
        self,
        kind: EventClass,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        newest_first: bool = False,
    ) -> Iterator[EventBatch]:
        """Yield events of one class in batches of a bounded size, in the order they came; of merged files in order of time.

        Args:
            kind: the class.
            since: events before it may be left out.
            until: events at it or after it may be left out.
            newest_first: the batches that came last come first.
        """
        with self._lock:
            files = [f for f in (*self._files, *self._planned) if f.kind is kind and f.meets(since, until)]
            held = [(f, f.frame) for f in files]
            low = microseconds(since) if since is not None else None
            high = microseconds(until) if until is not None else None
            waiting = [
                w.batch
                for w in self._waiting
                if w.batch.kind is kind and (low is None or w.until >= low) and (high is None or w.since < high)
            ]
        if newest_first:
            yield from reversed(waiting)
        for file, frame in reversed(held) if newest_first else held:
            if frame is not None:
                yield EventBatch(kind, frame)
            else:
                yield from self._read(file, since, until)
        if not newest_first:
            yield from waiting

    def _read(self, file: LakeFile, since: datetime | None, until: datetime | None) -> Iterator[EventBatch]:
        rows = pl.scan_parquet(self._path(file), hive_partitioning=False, glob=False)
        if since is not None:
            rows = rows.filter(pl.col("time") >= since)
        if until is not None:
            rows = rows.filter(pl.col("time") < until)
        try:
            batches = [EventBatch(file.kind, part) for part in rows.collect().iter_slices(SLICE_ROWS)]
        except (
            OSError,
            SchemaError,
            pl.exceptions.PolarsError,
        ) as error:  # its time was over meanwhile, or it is damaged
            _log.warning("%s cannot be read: %s", file.name, error)
            return
        yield from (batch for batch in batches if len(batch))

    def kinds(self) -> list[EventClass]:
        """Return the classes held, each once."""
        with self._lock:
            return sorted({f.kind for f in (*self._files, *self._planned)} | {w.batch.kind for w in self._waiting})

    @property
    def bytes(self) -> int:
        """What the files take up on disk."""
        with self._lock:
            return sum(f.size for f in self._files)

    # ------------------------------------------------------------------------------------------------------------- upkeep

    def truncate_after(self, position: int) -> None:
        """Remove what was written of records from ``position`` on: it will come again.

        Raises:
            StoreError: a file cannot be removed.
        """
        with self._lock:
            self._waiting, self._planned, self._waiting_bytes = [], [], 0
            for file in [f for f in self._files if f.last >= position]:
                if (
                    file.first < position
                ):  # it was not flushed at a checkpoint: what it holds of later records will be there twice
                    _log.warning("%s holds records from before %d and after it: it stays", file.name, position)
                else:
                    self._remove(file)

    def prune(self, now: datetime | None = None) -> int:
        """Remove files whose events were kept long enough; return how many.

        What counts is when they came, not the time that they claim: old records that come late stay as long as others.

        Raises:
            StoreError: a file cannot be removed.
        """
        at = (now or datetime.fromtimestamp(self._clock(), UTC)).timestamp()
        with self._upkeep, self._lock:
            self._sweep()
            old = [f for f in self._files if f.written + self._days(f.kind) * 86_400 <= at]
            for file in old:
                self._remove(file)
            return len(old)

    def _days(self, kind: EventClass) -> float:
        return self._retention.classes.get(kind.name.lower(), self._retention.events_days)

    def _remove(self, file: LakeFile) -> None:
        self._unlink(self._path(file))
        self._files.remove(file)
        self._release(file)

    def _release(self, file: LakeFile) -> None:
        if file.frame is not None:
            self._held_bytes -= memory_bytes(file.frame)
            file.frame = None

    def _sweep(self) -> None:
        """Remove what was merged into other files."""
        while self._doomed:
            self._unlink(self._doomed[-1])
            self._doomed.pop()

    @staticmethod
    def _unlink(path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"a file of the lake cannot be removed: {error.strerror}", where=str(path)) from error

    def erase(self, value: str, *, anywhere: bool = False) -> int:
        """Remove every event that names a person: a row with a text column, or a member of a list, that is ``value``.

        Args:
            value: an account, an address of mail, a host.
            anywhere: texts that have it as a word among others count too: messages, command lines, raw records.

        Returns:
            How many events are gone. Files are written anew one by one: this is slow, and may be called again when it was interrupted.

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        gone = 0
        with self._upkeep:
            with self._lock:
                self._sweep()
                for waits in self._waiting:
                    kept = without(waits.batch.frame, value, anywhere=anywhere)
                    gone += len(waits.batch) - kept.height
                    waits.batch = EventBatch(waits.batch.kind, kept)
                for file in self._planned:
                    kept = without(file.rows, value, anywhere=anywhere)
                    gone += file.rows.height - kept.height
                    file.frame = kept
                self._planned = [f for f in self._planned if f.rows.height]
                files = list(self._files)
            for file in files:
                with self._lock:
                    gone += self._erase(file, value, anywhere=anywhere)
        return gone

    def _erase(self, file: LakeFile, value: str, *, anywhere: bool) -> int:
        rows = self._rows(file)
        kept = without(rows, value, anywhere=anywhere)
        if kept.height == rows.height:
            return 0
        if not kept.height:
            self._remove(file)
            return rows.height
        file.size = write_whole(kept, self._path(file))
        self._release(file)
        return rows.height - kept.height

    def _rows(self, file: LakeFile) -> pl.DataFrame:
        if file.frame is not None:
            return file.frame
        return pl.read_parquet(self._path(file), hive_partitioning=False, glob=False)

    def compact(self, upto: int) -> int:
        """Make few files of many: neighbouring small ones of a class and day become one, in order of time; return how many are fewer.

        Args:
            upto: records before this position are behind every checkpoint that may be gone back to.

        Raises:
            StoreError: the disk is full or cannot be written; nothing is lost.
        """
        with self._upkeep:
            with self._lock:
                self._sweep()
                today = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y%m%d")
                worth = list(runs([f for f in self._files if f.last < upto], today))
            return sum(self._merge(run) for run in worth)

    def _merge(self, run: Sequence[LakeFile]) -> int:
        """Write one file in place of several; return how many are fewer."""
        if len({c for f in run for c in pl.read_parquet_schema(self._path(f))}) > MOST_COLUMNS:
            return 0
        whole = joined([self._rows(f) for f in run], run[0].kind).sort("time", nulls_last=True, maintain_order=True)
        one = united(run)
        one.size = write_whole(whole, self._path(one))
        with self._lock:
            for file in run:
                self._files.remove(file)
                self._release(file)
            self._doomed += [self._path(f) for f in run if f.name != one.name]  # somebody may be reading them
            self._files = sorted((*self._files, one), key=LakeFile.place)
        return len(run) - 1

    def close(self) -> None:
        """Write what waits, as far as that is possible, and let go of everything."""
        try:
            self.flush()
        except StoreError as error:  # the log still has it
            _log.warning("%s", error.message)
        with self._lock:
            self._sweep()
            self._files, self._planned, self._waiting = [], [], []
            self._held_bytes = self._waiting_bytes = 0
