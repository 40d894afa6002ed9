"""Runs a ``HistoryFeatures``: events wait until nothing older will come, and are judged in order of time.

What outgrows the memory it may use goes to temporary files, one or more for each day, and is judged some days at a time.
"""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl

from vedette.abc import Dump, HistoryFeatures
from vedette.events.size import memory_bytes
from vedette.features.sketch import hashing
from vedette.features.window import adopted

MEMORY_BYTES = 64 << 20
TOGETHER = 1 << 18
"""Events of some days that are judged in one call."""
ORDER = ("time", "metadata.log_name", "metadata.sequence")


class HistoryState:
    """The waiting events and the history of one feature set.

    Args:
        features: the set.
        memory_bytes: beyond this, waiting events go to temporary files.
        folder: where those files go; removed by ``close``.
    """

    def __init__(self, features: HistoryFeatures, memory_bytes: int = MEMORY_BYTES, folder: Path | None = None) -> None:
        self.features = features
        self.history = features.history()
        self._memory_bytes = memory_bytes
        self._folder = folder
        self._held: list[pl.DataFrame] = []
        self._size = 0
        self._files: dict[date, list[Path]] = {}
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._numbers = itertools.count()

    def add(self, events: pl.LazyFrame) -> int:
        """Take events (columns ``features.columns()``), in any order; return how many."""
        frame = self.features.prepare(events).collect(engine="in-memory")
        if frame.height:
            self._held.append(frame)
            self._size += memory_bytes(frame)
        if self._size > self._memory_bytes:
            self._spill()
        return frame.height

    def advance(self, until: datetime | None = None) -> Iterator[pl.DataFrame]:
        """Judge every event before ``until`` (None: all) in order of time; yield the rows."""
        if self._files:
            self._spill()
            waiting = 0
            for day in sorted(d for d in self._files if until is None or d <= until.date()):
                paths = self._files.pop(day)
                read = [pl.read_ipc(path) for path in paths]
                for path in paths:  # a service runs for months
                    path.unlink()
                self._held += read
                waiting += sum(frame.height for frame in read)
                if waiting >= TOGETHER:  # a history looks at all that it remembers for each call: few calls
                    yield from self._judged(until)
                    waiting = 0
            if self._held:
                yield from self._judged(until)
        elif self._held:
            yield from self._judged(until)

    def dump(self) -> Dump:
        """Return all that is held; to be called while no rows are being yielded."""
        if len(self._held) > 1:
            self._held = [pl.concat(self._held, rechunk=True)]
        frames = {f"history.{name}": frame for name, frame in self.history.dump().items()}
        if self._held:
            frames["held"] = self._held[0]
        days = {day.isoformat(): len(paths) for day, paths in self._files.items()}
        files = {f"{d.isoformat()}.{n}.arrow": path for d, paths in self._files.items() for n, path in enumerate(paths)}
        return Dump(self._mark(), {"size": self._size, "days": days}, frames, files)

    def load(self, dump: Dump) -> None:
        """Take what ``dump`` returned; this state is new.

        Raises:
            ValueError: it was made of another feature set, or cannot be read.
        """
        if dump.mark != self._mark():
            raise ValueError("its events were remembered in another way")
        head = "history."
        self.history.load({n.removeprefix(head): f for n, f in dump.frames.items() if n.startswith(head)})
        self._held, self._size = [f for n, f in dump.frames.items() if n == "held"], dump.told["size"]
        for day, count in dump.told["days"].items():
            paths = [adopted(dump.files[f"{day}.{n}.arrow"], self._place()) for n in range(count)]
            self._files[date.fromisoformat(day)] = paths

    def _mark(self) -> str:
        """Return what is remembered: the columns of waiting events and of the history, and how Polars hashes."""
        columns = self.features.prepare(self.features.empty()).collect_schema()
        known = {name: frame.schema for name, frame in self.features.history().dump().items()}
        told = (list(columns.items()), sorted(known.items()), self.features.version, self.features.marks(), hashing())
        return hashlib.blake2b(repr(told).encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()

    def _place(self) -> Path:
        """Return where the next file goes."""
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        return Path(self._temporary.name) / f"{next(self._numbers)}.arrow"

    def close(self) -> None:
        """Forget everything and remove the temporary files."""
        self._held, self._size, self._files = [], 0, {}
        self.history = self.features.history()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _judged(self, until: datetime | None) -> Iterator[pl.DataFrame]:
        whole = pl.concat(self._held)
        ready = whole if until is None else whole.filter(pl.col("time") < until)
        later = whole.clear() if until is None else whole.filter(pl.col("time") >= until)
        self._held = [later] if later.height else []
        self._size = memory_bytes(later)
        if ready.height:
            yield self.history.judge(ready.sort(*ORDER, nulls_last=True))

    def _spill(self) -> None:
        if not self._held:
            return
        parts = pl.concat(self._held).with_columns(_day=pl.col("time").dt.date()).partition_by("_day", as_dict=True)
        for (day,), part in parts.items():
            path = self._place()
            part.drop("_day").write_ipc(path)
            self._files.setdefault(day, []).append(path)
        self._held, self._size = [], 0
