"""The last events, in memory: where evidence is looked up when no lake is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes

MOST_BYTES = 128 << 20


class Recent:
    """Keeps the batches that came last.

    Args:
        most_bytes: of frames, as Polars estimates them.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.position = 0
        self._most_bytes = most_bytes
        self._held: deque[tuple[EventBatch, int]] = deque()
        self._bytes = 0

    def add(self, batch: EventBatch) -> None:
        """Keep a batch; let go of the oldest where they are too many."""
        size = memory_bytes(batch.frame)
        self._held.append((batch, size))
        self._bytes += size
        while self._bytes > self._most_bytes and len(self._held) > 1:
            self._bytes -= self._held.popleft()[1]

    def read(
        self, kind: EventClass, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[EventBatch]:
        """Yield the batches of one class, in the order they came."""
        return (batch for batch, _ in list(self._held) if batch.kind is kind)

    def flush(self) -> None:
        """Nothing is written."""

    def truncate_after(self, position: int) -> None:
        """Nothing was written."""

    def close(self) -> None:
        """Forget everything."""
        self._held.clear()
        self._bytes = 0
