"""What waits for its other half: bounded in number, in bytes and in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")

PENDING_LIMIT = 65_536
HELD_LIMIT_BYTES = 32 << 20
PATIENCE_US = 300_000_000
"""A dialogue without news for five minutes of capture time is given up, as Zeek does with an idle TCP connection."""


class Pending(Generic[V]):
    """Values by connection, oldest first.

    Whatever depends on it depends on the order of packets alone, never on how they fall into chunks.
    """

    def __init__(
        self, limit: int = PENDING_LIMIT, limit_bytes: int = HELD_LIMIT_BYTES, patience_us: int = PATIENCE_US
    ) -> None:
        self._limit, self._limit_bytes, self._patience_us = limit, limit_bytes, patience_us
        self._values: dict[int, tuple[int, int, V]] = {}
        self._held = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: int) -> V | None:
        """Return the value of ``key``, or None."""
        found = self._values.get(key)
        return found[2] if found else None

    def put(self, key: int, value: V, time: int, size_bytes: int = 0) -> list[V]:
        """Keep ``value`` as the newest; return the oldest ones that had to make room."""
        self.pop(key)
        self._values[key] = (time, size_bytes, value)
        self._held += size_bytes
        lost = []
        while len(self._values) > self._limit or self._held > self._limit_bytes:
            lost.append(self._take(next(iter(self._values))))
        return lost

    def pop(self, key: int) -> V | None:
        """Remove and return the value of ``key``, or None."""
        return self._take(key) if key in self._values else None

    def _take(self, key: int) -> V:
        _, size_bytes, value = self._values.pop(key)
        self._held -= size_bytes
        return value

    def expire(self, now: int) -> Iterator[V]:
        """Remove and yield, oldest first, what has waited too long at ``now`` (microseconds)."""
        while self._values:
            key, (time, _, _) = next(iter(self._values.items()))
            if time > now - self._patience_us:
                return
            yield self._take(key)

    def drain(self) -> Iterator[V]:
        """Remove and yield everything, oldest first."""
        while self._values:
            yield self._take(next(iter(self._values)))
