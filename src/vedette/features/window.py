"""Runs the window algebra of a ``WindowFeatures``: the same rows over a whole file, in micro-batches, or out of order.

Partials live in levels, one per window width. A closed window of one level is finished into rows and rolled up into the next, wider
level. What outgrows the memory it may use goes to temporary files, split by a hash of the keys, and is finished part by part.

Beside the set's own columns every row has ``first_seen`` and ``last_seen`` (of its events) and ``event_count``.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import polars as pl

from vedette.abc import Dump, WindowFeatures
from vedette.events.size import memory_bytes
from vedette.features.sketch import hashing
from vedette.features.totals import Totals

PARTS = 16
"""Into how many files partials are split when they outgrow the memory."""

PENDING_ROWS = 400_000

FEW_ROWS = 50_000
"""Below so many the in-memory engine of Polars is the cheaper one."""

LONE_ROWS, LONE_SHARE = 4_000, 0.25
"""From so many partials on, and where such a share of them are of one event, those that need no merge are looked for."""

MEMORY_BYTES = 64 << 20


class WindowState:
    """The partials of one feature set.

    Args:
        features: the algebra.
        memory_bytes: beyond this the partials of the narrowest windows go to temporary files.
        folder: where those files go; removed by ``close``.
        pending_rows: partial rows that may wait before they are merged.

    Attributes:
        sifted: whether rows of closed windows that are not ``telling`` are passed over (see there); those of open ones always are.
        watched: whether ``peek`` will be called: then open windows of every width are summed up as their events come, and those that got
            some are found without a pass over all (``features.totals``).
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
        self.watched = self.sifted = False
        self._pending_rows = pending_rows
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._levels: list[list[pl.DataFrame]] = [[] for _ in features.windows]
        self._files: list[list[Path]] = [[] for _ in range(PARTS)]
        self._pending = 0
        self._numbers = itertools.count()
        self._fresh: list[pl.DataFrame] = []
        self._touched: list[pl.DataFrame] = []
        self._seen: list[pl.DataFrame] = []
        """Rows of what was touched, per level, where it was summed up in one go and nothing closed since."""
        self._open: list[Totals] = []
        self._direct = False
        """Whether partials of wide windows hold those of the narrower ones that are open: such are not rolled up."""
        own = {e.meta.output_name() for e in features.partial()}
        self._partial = [e for e in _PARTIAL if e.meta.output_name() not in own] + features.partial()
        self._merge = [e for e in _MERGE if e.meta.output_name() not in own] + features.merge()
        self._counted = "event_count" not in own
        self._timed: bool | None = None
        self._also = [c for c in ("first_seen", "last_seen", "event_count") if c not in _names(features.finish())]
        self._finish: list[pl.Expr | str] = [*features.finish(), *self._also]
        self._telling = features.telling()

    def add(self, events: pl.LazyFrame) -> int:
        """Take events (columns ``features.columns()``), in any order; return how many partial rows they made."""
        prepared = self.features.prepare(events)
        if self._timed is None:  # the same for every batch, and dear to ask
            self._timed = "start_time" in prepared.collect_schema()
        start = pl.coalesce("start_time", "time") if self._timed else pl.col("time")
        prepared = prepared.with_columns(start_time=start)  # one whose beginning is not known begins when it ends
        made = prepared.group_by(*self.features.keys, _floor(self.features.windows[0])).agg(self._partial)
        partial = made.collect(engine="in-memory")  # a batch is small: the streaming engine costs more to set up
        if partial.height:
            (self._fresh if self.watched else self._levels[0]).append(partial)
            self._pending += partial.height
        if self._pending > self._pending_rows:
            self._fold()
            self._compact()
        return partial.height

    def advance(self, until: datetime | None = None) -> Iterator[pl.DataFrame]:
        """Close every window that ends at or before ``until`` (None: all); yield its rows, a frame per width and part."""
        self._fold()
        if self._open and until is not None and not self._due(until):
            return
        self._settle()
        self._seen = []
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
        self._fold()
        touched, self._touched = self._touched, []
        seen, self._seen = self._seen, []
        if not touched or any(self._files):
            return
        self._index()
        got = pl.concat(touched)
        for level, (totals, width) in enumerate(zip(self._open, self.features.windows, strict=True)):
            rows = seen[level] if seen else totals.find(got.with_columns(_floor(width)) if level else got)
            yield from self._finished(rows, width, sifted=True)

    def dump(self) -> Dump:
        """Return all that is held; to be called while no rows are being yielded."""
        self._fold()
        self._settle()
        for held in (*self._levels, self._touched):
            if len(held) > 1:  # as it would be merged: the same rows in the same order
                held[:] = [pl.concat([f.select(held[0].columns) for f in held], rechunk=True)]
        frames = {f"level.{level}": held[0] for level, held in enumerate(self._levels) if held}
        if self._touched:
            frames["touched"] = self._touched[0]
        parts = {part: list(map(str, range(len(paths)))) for part, paths in enumerate(self._files) if paths}
        files = {f"part.{p}.{n}.arrow": path for p in parts for n, path in enumerate(self._files[p])}
        told = {
            "pending": self._pending,
            "watched": self.watched,
            "direct": self._direct,
            "parts": {str(p): len(n) for p, n in parts.items()},
        }
        return Dump(self._mark(), told, frames, files)

    def load(self, dump: Dump) -> None:
        """Take what ``dump`` returned; this state is new.

        Raises:
            ValueError: it was made of another feature set, or cannot be read.
        """
        if dump.mark != self._mark():
            raise ValueError("its windows were summed up in another way")
        self._levels = [
            [dump.frames[n]] if (n := f"level.{i}") in dump.frames else [] for i in range(len(self._levels))
        ]
        self._touched = [dump.frames["touched"]] if "touched" in dump.frames else []
        self._pending, self.watched = dump.told["pending"], dump.told["watched"]
        self._direct = dump.told["direct"]
        for part, count in dump.told["parts"].items():
            self._files[int(part)] = [
                adopted(dump.files[f"part.{part}.{n}.arrow"], self._place()) for n in range(count)
            ]

    def _mark(self) -> str:
        """Return what partials mean: their columns, how they are made and merged, their windows, and how Polars hashes."""
        empty = self.features.prepare(self.features.empty())
        if "start_time" not in empty.collect_schema():
            empty = empty.with_columns(start_time="time")
        columns = empty.group_by(*self.features.keys, "time").agg(self._partial).collect_schema()
        made = [str(e) for e in (*self._partial, *self._merge)]
        told = (sorted(columns.items()), made, self.features.keys, self.features.windows, PARTS, hashing())
        return hashlib.blake2b(repr(told).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()

    def _place(self) -> Path:
        """Return where the next file goes."""
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        return Path(self._temporary.name) / f"{next(self._numbers)}.arrow"

    def close(self) -> None:
        """Forget everything and remove the temporary files."""
        self._levels = [[] for _ in self.features.windows]
        self._fresh, self._touched, self._seen, self._open = [], [], [], []
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _fold(self) -> None:
        """Sum up what came since the last call: into the index of open windows, where that is kept."""
        fresh, self._fresh = self._fresh, []
        if not fresh:
            return
        new = pl.concat(fresh) if len(fresh) > 1 else fresh[0]
        again = bool(self._touched)
        self._touched.append(new.select(*self.features.keys, "time"))
        if any(self._files) and not self._direct:
            self._levels[0].append(new)
            return
        self._index()
        rows = [
            totals.add(new.with_columns(_floor(width)) if level else new, single=not level and len(fresh) == 1)
            for level, (totals, width) in enumerate(zip(self._open, self.features.windows, strict=True))
        ]
        self._seen = [] if again else rows

    def _index(self) -> None:
        """Put the partials that are held into the index, unless they are there."""
        if self._open:
            return
        if not self._direct:
            for level in range(1, len(self._levels)):
                if self._levels[level - 1]:
                    below = self._merged(self._levels[level - 1], _floor(self.features.windows[level]))
                    self._levels[level].append(below)
            self._direct = True
        self._open = [Totals(self.features.keys, self._merged) for _ in self._levels]
        for totals, frames in zip(self._open, self._levels, strict=True):
            totals.add(_joined(frames) if frames else pl.DataFrame())
        self._levels = [[] for _ in self._levels]

    def _settle(self) -> None:
        """Put what the index holds back into lists of partials."""
        if self._open:
            self._levels, self._open = [totals.frames() for totals in self._open], []

    def _due(self, until: datetime) -> bool:
        """Return whether any window that is held ends at or before ``until``."""
        ends = (
            t.earliest + w for t, w in zip(self._open, self.features.windows, strict=True) if t.earliest is not None
        )
        return any(self._files) or any(end <= until for end in ends)

    def _parts(self) -> Iterator[list[pl.DataFrame]]:
        """Return the partials of the narrowest windows: as they are, or, where they outgrew the memory, part by part."""
        if not any(self._files):
            return iter([self._levels[0]])
        self._spill()
        files, self._files = self._files, [[] for _ in range(PARTS)]
        return ([_read_once(path) for path in part] for part in files)

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
        if level + 1 < len(self._levels) and not self._direct:
            self._levels[level + 1].append(self._merged([done], _floor(self.features.windows[level + 1])))
        yield from self._finished(done, width, sifted=self.sifted)

    def _finished(self, merged: pl.DataFrame, width: timedelta, *, sifted: bool) -> Iterator[pl.DataFrame]:
        if sifted and self._telling is not None and merged.height:
            merged = merged.filter(self._telling)
        if not merged.height:
            return
        rows = merged.lazy().with_columns(window=pl.lit(width))
        finished = rows.select(*self.features.keys, "time", "window", *self._finish)
        yield finished.collect(engine=_engine([merged]))

    def _merged(self, frames: list[pl.DataFrame], time: pl.Expr = pl.col("time")) -> pl.DataFrame:  # noqa: B008
        joined = _joined(frames)
        if self._counted and joined.height >= LONE_ROWS:
            joined = joined.with_columns(time)
            lone = self._lone(joined)
            if lone is not None:
                summed = self._summed(joined.filter(~lone), pl.col("time"))
                return pl.concat([joined.filter(lone).select(summed.columns), summed])
        return self._summed(joined, time)

    def _summed(self, partials: pl.DataFrame, time: pl.Expr) -> pl.DataFrame:
        made = partials.lazy().group_by(*self.features.keys, time).agg(self._merge)
        return made.collect(engine=_engine([partials]))

    def _lone(self, partials: pl.DataFrame) -> pl.Series | None:
        """Return which partials are of one event, and the only ones of their window: a merge leaves such as they are. None: too few."""
        one = partials["event_count"] == 1
        if one.sum() < partials.height * LONE_SHARE:
            return None
        return one & partials.select(pl.struct(*self.features.keys, "time").is_unique()).to_series()

    def _compact(self) -> None:
        if self._open:
            self._levels[0] = self._open[0].frames()
        merged = self._merged(self._levels[0])
        self._pending = merged.height // 2  # merge again when it has grown by half, not at every batch
        crowded = memory_bytes(merged) > self._memory_bytes
        if self._open and not crowded:
            self._levels[0] = []
            return
        self._levels[0] = [merged]
        if crowded:
            if self._open:
                self._open[0] = Totals(self.features.keys, self._merged)
            self._spill()

    def _spill(self) -> None:
        """Move the narrowest level to the files of its parts."""
        for frame in self._levels[0]:
            part = frame.select(pl.struct(self.features.keys).hash() % PARTS).to_series()
            for number in part.unique().to_list():
                path = self._place()
                frame.filter(part == number).write_ipc(path)
                self._files[number].append(path)
        self._levels[0], self._pending = [], 0


_PARTIAL = [
    pl.col("start_time").min().alias("first_seen"),
    pl.col("time").max().alias("last_seen"),
    pl.len().cast(pl.Int64).alias("event_count"),
]
_MERGE = [pl.col("first_seen").min(), pl.col("last_seen").max(), pl.col("event_count").sum()]


def adopted(file: Path, target: Path) -> Path:
    """Make ``target`` the same file as one that is never changed, or a copy of it; return ``target``."""
    try:
        target.hardlink_to(file)
    except OSError:  # another file system
        shutil.copyfile(file, target)
    return target


def _read_once(path: Path) -> pl.DataFrame:
    """Return what a file holds, and remove it: a service runs for months."""
    frame = pl.read_ipc(path)
    path.unlink()
    return frame


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return partials as one frame; partial() and merge() may name them in another order."""
    names = frames[0].columns
    return pl.concat([f.select(names) for f in frames]) if len(frames) > 1 else frames[0]


def _engine(frames: list[pl.DataFrame]) -> Literal["in-memory", "auto"]:
    """Return what is cheapest: the streaming engine costs a millisecond to set up, and more memory than few rows."""
    return "in-memory" if sum(f.height for f in frames) < FEW_ROWS else "auto"


def _floor(width: timedelta) -> pl.Expr:
    return pl.col("time").dt.truncate(f"{width // timedelta(microseconds=1)}us")


def _earliest(frames: list[pl.DataFrame]) -> datetime:
    return min(t for f in frames if isinstance(t := f["time"].min(), datetime))


def _names(exprs: list[pl.Expr]) -> set[str]:
    return {e.meta.output_name() for e in exprs}
