"""Joins small batches, so that ten thousand files of one message each do not cost ten thousand passes of every feature set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass

ENOUGH_ROWS = 8192
"""A batch of so many rows goes on as it is; smaller ones wait until they are so many together."""

MOST_BYTES = 32 << 20
"""What may wait in all."""

_Key = tuple[EventClass, tuple[str, ...]]


@dataclass(slots=True)
class _Waiting:
    frames: list[pl.DataFrame] = field(default_factory=list)
    rows: int = 0
    records: int = 0


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
        held.frames.append(batch.frame)
        held.rows += len(batch)
        held.records += batch.records
        self._bytes += int(batch.frame.estimated_size())
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
        frame = held.frames[0] if len(held.frames) == 1 else pl.concat(held.frames)
        self._bytes = max(0, self._bytes - int(frame.estimated_size())) if self._waiting else 0
        yield EventBatch(key[0], frame, held.records)
