"""Joins items that share a key within a gap of time: a union-find, near linear (Tarjan, 1975)."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime, timedelta


class Chain:
    """Items numbered from 0, fed oldest first; each becomes part of one group.

    Example:
        >>> from datetime import UTC
        >>> noon, hour = datetime(2026, 1, 1, 12, tzinfo=UTC), timedelta(hours=1)
        >>> chain = Chain(3, gap=hour)
        >>> for item, start in enumerate((noon, noon + hour / 2, noon + 3 * hour)):
        ...     chain.meet(item, "same key", start, start)
        >>> chain.groups()
        [[0, 1], [2]]
    """

    def __init__(self, size: int, gap: timedelta) -> None:
        self.gap = gap
        self._parent = list(range(size))
        self._last: dict[Hashable, tuple[int, datetime]] = {}

    def meet(self, item: int, key: Hashable, start: datetime, end: datetime, gap: timedelta | None = None) -> None:
        """Join ``item`` to the last one that left ``key``, if it starts at most ``gap`` after all of those ended; leave it too.

        ``gap``: of this key; by default that of the chain.
        """
        before = self._last.get(key)
        if before is not None:
            self._join_within_gap(item, before, start, gap)
            end = max(end, before[1])
        self._last[key] = (item, end)

    def follow(self, item: int, key: Hashable, start: datetime, gap: timedelta | None = None) -> bool:
        """Join ``item`` to the last one that left ``key``, without leaving it; say whether there was one within the gap."""
        before = self._last.get(key)
        return before is not None and self._join_within_gap(item, before, start, gap)

    def leave(self, item: int, key: Hashable, end: datetime) -> None:
        """Leave ``key`` for those that follow, without joining; of several, who ended last stays."""
        before = self._last.get(key)
        if before is None or end >= before[1]:
            self._last[key] = (item, end)

    def groups(self) -> list[list[int]]:
        """Return the members of each group, in order; groups in the order of their first member."""
        members: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            members.setdefault(self._root(item), []).append(item)
        return list(members.values())

    def _join_within_gap(
        self, item: int, before: tuple[int, datetime], start: datetime, gap: timedelta | None = None
    ) -> bool:
        other, ended = before
        if start - ended > (self.gap if gap is None else gap):
            return False
        a, b = self._root(item), self._root(other)
        self._parent[max(a, b)] = min(a, b)
        return True

    def _root(self, item: int) -> int:
        parent = self._parent
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item
