"""Runs the window algebra of a ``WindowFeatures``: the same rows over a whole file, in micro-batches, or out of order.

Partials live in levels, one per window width. A closed window of one level is finished into rows and rolled up into the next, wider
level. What outgrows the memory it may use goes to temporary files, split by a hash of the keys, and is finished part by part.

Beside the set's own columns every row has ``first_seen`` and ``last_seen`` (of its events) and ``event_count``.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from vedette.abc import WindowFeatures

PARTS = 16
"""Into how many files partials are split when they outgrow the memory."""

PENDING_ROWS = 400_000

MEMORY_BYTES = 64 << 20


class WindowState:
    """The partials of one feature set.

    Args:
        features: the algebra.
        memory_bytes: beyond this the partials of the narrowest windows go to temporary files.
        folder: where those files go; removed by ``close``.
        pending_rows: partial rows that may wait before they are merged.

    Attributes:
        watched: whether ``peek`` will be called: then it is kept in mind which windows got events.
    """

    def __init__(
        self,
        features: WindowFeatures,
        memory_bytes: int = MEMORY_BYTES,
        folder: Path | None = None,
        pending_rows: int = PENDING_ROWS,
    ) -> None:
        self.features = features
        self._memory_bytes = memory_bytes
        self._folder = folder
        self.watched = False
        self._pending_rows = pending_rows
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._levels: list[list[pl.DataFrame]] = [[] for _ in features.windows]
        self._files: list[list[Path]] = [[] for _ in range(PARTS)]
        self._pending = 0
        self._numbers = itertools.count()
        self._touched: list[pl.DataFrame] = []
        own = {e.meta.output_name() for e in features.partial()}
        self._partial = [e for e in _PARTIAL if e.meta.output_name() not in own] + features.partial()
        self._merge = [e for e in _MERGE if e.meta.output_name() not in own] + features.merge()
        self._also = [c for c in ("first_seen", "last_seen", "event_count") if c not in _names(features.finish())]

    def add(self, events: pl.LazyFrame) -> int:
        """Take events (columns ``features.columns()``), in any order; return how many partial rows they made."""
        prepared = self.features.prepare(events)
        if "start_time" not in prepared.collect_schema():
            prepared = prepared.with_columns(start_time="time")
        partial = prepared.group_by(*self.features.keys, _floor(self.features.windows[0])).agg(self._partial).collect()
        if partial.height:
            self._levels[0].append(partial)
            self._pending += partial.height
            if self.watched:
                self._touched.append(partial.select(*self.features.keys, "time"))
        if self._pending > self._pending_rows:
            self._compact()
        return partial.height

    def advance(self, until: datetime | None = None) -> Iterator[pl.DataFrame]:
        """Close every window that ends at or before ``until`` (None: all); yield its rows, a frame per width and part."""
        parts, self._levels[0] = self._parts(), []
        whole = until is None and not any(self._levels[1:])  # then a part is all that there is of its keys
        for frames in parts:
            yield from self._close_level(0, frames, until)
            if whole:
                yield from self._close_wider(until)
        self._pending = sum(frame.height for frame in self._levels[0])
        yield from self._close_wider(until)

    def peek(self) -> Iterator[pl.DataFrame]:
        """Yield rows of the open windows that got events since the last call, as if they closed now: a frame per width. Changes nothing.

        Nothing is yielded while partials lie in files: what outgrew the memory is judged when it closes.
        """
        touched, self._touched = self._touched, []
        if not touched or any(self._files):
            return
        fresh = pl.concat(touched).unique()
        keys = [*self.features.keys, "time"]
        for level, width in enumerate(self.features.windows):
            wanted = fresh.with_columns(_floor(width)).unique().lazy()
            held = [f.lazy().with_columns(_floor(width)) for frames in self._levels[: level + 1] for f in frames]
            names = held[0].collect_schema().names() if held else []
            near = [f.select(names).join(wanted, on=keys, how="semi", nulls_equal=True) for f in held]
            if near:
                merged = self._merged(pl.collect_all(near))
                yield self._finished(merged.lazy(), width)

    def close(self) -> None:
        """Forget everything and remove the temporary files."""
        self._levels = [[] for _ in self.features.windows]
        self._touched = []
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _parts(self) -> Iterator[list[pl.DataFrame]]:
        """Return the partials of the narrowest windows: as they are, or, where they outgrew the memory, part by part."""
        if not any(self._files):
            return iter([self._levels[0]])
        self._spill()
        files, self._files = self._files, [[] for _ in range(PARTS)]
        return ([pl.read_ipc(path) for path in part] for part in files)

    def _close_wider(self, until: datetime | None) -> Iterator[pl.DataFrame]:
        for level in range(1, len(self._levels)):
            frames, self._levels[level] = self._levels[level], []
            yield from self._close_level(level, frames, until)

    def _close_level(self, level: int, frames: list[pl.DataFrame], until: datetime | None) -> Iterator[pl.DataFrame]:
        """Finish what is closed, roll it up into the next level, keep what is open."""
        width = self.features.windows[level]
        if not frames or (until is not None and _earliest(frames) + width > until):
            self._levels[level] += frames  # nothing closes: nothing to merge either
            return
        closed = pl.lit(value=True) if until is None else pl.col("time") + width <= until
        merged = self._merged(frames)
        done, still_open = merged.filter(closed), merged.filter(~closed)
        if still_open.height:
            self._levels[level].append(still_open)
        if not done.height:
            return
        if level + 1 < len(self._levels):
            self._levels[level + 1].append(self._merged([done], _floor(self.features.windows[level + 1])))
        yield self._finished(done.lazy(), width)

    def _finished(self, merged: pl.LazyFrame, width: timedelta) -> pl.DataFrame:
        rows = merged.with_columns(window=pl.lit(width))
        return rows.select(*self.features.keys, "time", "window", *self.features.finish(), *self._also).collect()

    def _merged(self, frames: list[pl.DataFrame], time: pl.Expr = pl.col("time")) -> pl.DataFrame:  # noqa: B008
        names = frames[0].columns  # partial() and merge() may name them in another order
        whole = pl.concat([f.select(names) for f in frames]) if len(frames) > 1 else frames[0]
        return whole.lazy().group_by(*self.features.keys, time).agg(self._merge).collect()

    def _compact(self) -> None:
        merged = self._merged(self._levels[0])
        self._levels[0] = [merged]
        self._pending = merged.height // 2  # merge again when it has grown by half, not at every batch
        if merged.estimated_size() > self._memory_bytes:
            self._spill()

    def _spill(self) -> None:
        """Move the narrowest level to the files of its parts."""
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        for frame in self._levels[0]:
            part = frame.select(pl.struct(self.features.keys).hash() % PARTS).to_series()
            for number in part.unique().to_list():
                path = Path(self._temporary.name) / f"{next(self._numbers)}.arrow"
                frame.filter(part == number).write_ipc(path)
                self._files[number].append(path)
        self._levels[0], self._pending = [], 0


_PARTIAL = [
    pl.col("start_time").min().alias("first_seen"),
    pl.col("time").max().alias("last_seen"),
    pl.len().cast(pl.Int64).alias("event_count"),
]
_MERGE = [pl.col("first_seen").min(), pl.col("last_seen").max(), pl.col("event_count").sum()]


def _floor(width: timedelta) -> pl.Expr:
    return pl.col("time").dt.truncate(f"{width // timedelta(microseconds=1)}us")


def _earliest(frames: list[pl.DataFrame]) -> datetime:
    return min(t for f in frames if isinstance(t := f["time"].min(), datetime))


def _names(exprs: list[pl.Expr]) -> set[str]:
    return {e.meta.output_name() for e in exprs}
