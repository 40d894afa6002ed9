"""How many entities the baselines of a run hold in memory together."""

from __future__ import annotations


class Quota:
    """Shares a number of entities out among baselines.

    What is beyond its share is set aside in files by a baseline at its next day boundary, which changes no judgement. Once each had such a
    boundary, they hold together less than twice ``limit``, what each needs at the least, and what a day brings.

    Args:
        limit: entities in all.

    Example:
        >>> quota = Quota(10_000)
        >>> [quota.allow(name, wanted) for name, wanted in (("pairs", 9_000), ("hosts", 3_000), ("pairs", 9_000))]
        [9000, 3000, 7000]
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._held: dict[str, int] = {}

    def allow(self, name: str, wanted: int, least: int = 0) -> int:
        """Return how many of ``wanted`` entities a baseline may hold: what the others leave, its equal share, or ``least``; it is noted."""
        others = sum(held for other, held in self._held.items() if other != name)
        self._held[name] = 0
        most = max(self.limit - others, self.limit // len(self._held), least)
        self._held[name] = min(wanted, most)
        return self._held[name]
