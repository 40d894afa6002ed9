"""How often somebody may ask: a token bucket each, in a table that cannot grow without end."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

KEPT = 10_000
"""Buckets; those used longest ago make room, and begin full again."""
_IPV6_KEPT_BITS = 64
"""An IPv6 customer has at least so many addresses: they share a bucket."""


class Buckets:
    """A bucket for each key, which fills by itself; every request takes one from it.

    Args:
        per_minute: how many it gains in a minute.
        capacity: how many it holds: what may be asked at once.
        kept: buckets in the table.
        clock: seconds that never go back.
    """

    def __init__(
        self, per_minute: float, capacity: float, kept: int = KEPT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._capacity, self._kept, self._clock = per_minute / 60, capacity, kept, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Take one, and return 0; where none is left, take nothing and return the seconds until there is one."""
        with self._lock:
            level = self._level(key)
            allowed = level >= 1
            self._keep(key, level - 1 if allowed else level)
            return 0.0 if allowed else (1 - level) / self._per_second

    def give(self, key: str) -> None:
        """Give one back."""
        with self._lock:
            self._keep(key, min(self._capacity, self._level(key) + 1))

    def _level(self, key: str) -> float:
        level, at = self._held.get(key, (self._capacity, self._clock()))
        return min(self._capacity, level + (self._clock() - at) * self._per_second)

    def _keep(self, key: str, level: float) -> None:
        self._held[key] = (level, self._clock())
        self._held.move_to_end(key)
        while len(self._held) > self._kept:
            self._held.popitem(last=False)


def network_of(address: str) -> str:
    """Return what an address shares a bucket with: itself, or its /64."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> _IPV6_KEPT_BITS << _IPV6_KEPT_BITS)) + "/64"
    return str(found)
