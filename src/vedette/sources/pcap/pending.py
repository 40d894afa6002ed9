"""What waits for its other half: bounded in number and in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")

PENDING_LIMIT = 65_536
PATIENCE_US = 300_000_000
"""A dialogue without news for five minutes of capture time is given up, as Zeek does with an idle TCP connection."""


class Pending(Generic[V]):
    """Values by connection, oldest first.

    Whatever depends on it depends on the order of packets alone, never on how they fall into chunks.
    """

    def __init__(self, limit: int = PENDING_LIMIT, patience_us: int = PATIENCE_US) -> None:
        self._limit, self._patience_us = limit, patience_us
        self._values: dict[int, tuple[int, V]] = {}

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: int) -> V | None:
        """Return the value of ``key``, or None."""
        found = self._values.get(key)
        return found[1] if found else None

    def put(self, key: int, value: V, time: int) -> V | None:
        """Keep ``value`` as the newest; return the oldest if it had to make room."""
        self._values.pop(key, None)
        self._values[key] = (time, value)
        return self.pop(next(iter(self._values))) if len(self._values) > self._limit else None

    def pop(self, key: int) -> V | None:
        """Remove and return the value of ``key``, or None."""
        found = self._values.pop(key, None)
        return found[1] if found else None

    def expire(self, now: int) -> Iterator[V]:
        """Remove and yield, oldest first, what has waited too long at ``now`` (microseconds)."""
        while self._values:
            key, (time, value) = next(iter(self._values.items()))
            if time > now - self._patience_us:
                return
            del self._values[key]
            yield value

    def drain(self) -> Iterator[V]:
        """Remove and yield everything, oldest first."""
        values, self._values = self._values, {}
        for _, value in values.values():
            yield value
