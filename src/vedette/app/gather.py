"""Joins small batches, so that ten thousand files of one message each do not cost ten thousand passes of every feature set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes

ENOUGH_ROWS = 8192
"""A batch of so many rows goes on as it is; smaller ones wait until they are so many together."""

FEW_FRAMES = 128
"""So many small frames wait as they are: each costs tens of kilobytes beside its data."""

MOST_BYTES = 32 << 20
"""What may wait in all."""

_Key = tuple[EventClass, tuple[str, ...]]


@dataclass(slots=True)
class _Waiting:
    packed: list[pl.DataFrame] = field(default_factory=list)
    small: list[pl.DataFrame] = field(default_factory=list)
    rows: int = 0
    records: int = 0

    def pack(self) -> None:
        """Make one frame of the small ones."""
        if self.small:
            self.packed.append(self.small[0] if len(self.small) == 1 else pl.concat(self.small, rechunk=True))
            self.small = []


class Gather:
    """Holds small batches of one class and the same columns until they are many; their rows keep their order.

    Example:
        >>> gather, one = Gather(), EventBatch(EventClass.REJECT, pl.DataFrame({"time": []}, schema={"time": pl.Datetime("us", "UTC")}))
        >>> [len(list(gather.add(one))), len(list(gather.flush()))]
        [0, 1]
    """

    def __init__(self) -> None:
        self._waiting: dict[_Key, _Waiting] = {}
        self._bytes = 0

    def add(self, batch: EventBatch) -> Iterator[EventBatch]:
        """Take a batch; yield what is large enough by now."""
        key = (batch.kind, tuple(batch.frame.columns))
        if len(batch) >= ENOUGH_ROWS:
            yield from self._give(key)
            yield batch
            return
        held = self._waiting.setdefault(key, _Waiting())
        held.small.append(batch.frame)
        if len(held.small) >= FEW_FRAMES:
            held.pack()
        held.rows += len(batch)
        held.records += batch.records
        self._bytes += memory_bytes(batch.frame)
        if held.rows >= ENOUGH_ROWS:
            yield from self._give(key)
        if self._bytes > MOST_BYTES:
            yield from self.flush()

    def flush(self) -> Iterator[EventBatch]:
        """Yield everything that waits, in the order of first arrival."""
        for key in list(self._waiting):
            yield from self._give(key)

    def _give(self, key: _Key) -> Iterator[EventBatch]:
        held = self._waiting.pop(key, None)
        if held is None:
            return
        held.pack()
        frame = held.packed[0] if len(held.packed) == 1 else pl.concat(held.packed, rechunk=True)
        self._bytes = max(0, self._bytes - memory_bytes(frame)) if self._waiting else 0
        yield EventBatch(key[0], frame, held.records)
