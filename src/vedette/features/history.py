"""Runs a ``HistoryFeatures``: events wait until nothing older will come, and are judged in order of time.

What outgrows the memory it may use goes to temporary files, one or more for each day, and is judged some days at a time.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl

from vedette.abc import HistoryFeatures

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
        frame = self.features.prepare(events).collect()
        if frame.height:
            self._held.append(frame)
            self._size += int(frame.estimated_size())
        if self._size > self._memory_bytes:
            self._spill()
        return frame.height

    def advance(self, until: datetime | None = None) -> Iterator[pl.DataFrame]:
        """Judge every event before ``until`` (None: all) in order of time; yield the rows."""
        if self._files:
            self._spill()
            waiting = 0
            for day in sorted(d for d in self._files if until is None or d <= until.date()):
                read = [pl.read_ipc(path) for path in self._files.pop(day)]
                self._held += read
                waiting += sum(frame.height for frame in read)
                if waiting >= TOGETHER:  # a history looks at all that it remembers for each call: few calls
                    yield from self._judged(until)
                    waiting = 0
            if self._held:
                yield from self._judged(until)
        elif self._held:
            yield from self._judged(until)

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
        self._size = int(later.estimated_size())
        if ready.height:
            yield self.history.judge(ready.sort(*ORDER, nulls_last=True))

    def _spill(self) -> None:
        if not self._held:
            return
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        parts = pl.concat(self._held).with_columns(_day=pl.col("time").dt.date()).partition_by("_day", as_dict=True)
        for (day,), part in parts.items():
            path = Path(self._temporary.name) / f"{next(self._numbers)}.arrow"
            part.drop("_day").write_ipc(path)
            self._files.setdefault(day, []).append(path)
        self._held, self._size = [], 0
