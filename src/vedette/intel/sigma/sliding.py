"""Counts the hits of rules within a sliding stretch of time, as a Sigma correlation asks."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from vedette.intel.sigma.rule import Correlation

MOST_GROUPS = 100_000
"""Groups of one correlation that are held; of more, those seen longest ago are forgotten."""
MOST_HITS = 10_000
"""Hits of one group that are held; of more, the oldest are forgotten."""


class Satisfied(NamedTuple):
    """A stretch of time that a correlation holds of: since when, and how many (events, values or rules)."""

    since: datetime
    number: int


class _Hit(NamedTuple):
    time: datetime
    rule: str
    value: str | None


@dataclass(slots=True)
class _Group:
    hits: deque[_Hit] = field(default_factory=deque)
    values: Counter[str | None] = field(default_factory=Counter)
    told: datetime | None = None


class Sliding:
    """One correlation over hits that come in order of time.

    After it was told, a group is quiet for half the stretch: a flood is told a few times, not once per event.

    Args:
        correlation: what is asked.
    """

    def __init__(self, correlation: Correlation) -> None:
        self._asked = correlation
        self._groups: OrderedDict[str, _Group] = OrderedDict()

    def add(self, group: str, time: datetime, rule: str, value: str | None = None) -> Satisfied | None:
        """Take a hit; say whether the correlation holds of the stretch that ends with it.

        Args:
            group: what the correlation groups by.
            time: not before that of the hit before.
            rule: the uid of the rule that hit.
            value: of the field that ``value_count`` counts.
        """
        held = self._groups.setdefault(group, _Group())
        self._groups.move_to_end(group)
        if len(self._groups) > MOST_GROUPS:
            self._groups.popitem(last=False)
        counted = rule if self._asked.kind.startswith("temporal") else value
        held.hits.append(_Hit(time, rule, counted))
        held.values[counted] += 1
        while held.hits[0].time < time - self._asked.span or len(held.hits) > MOST_HITS:
            gone = held.hits.popleft().value
            held.values[gone] -= 1
            if not held.values[gone]:
                del held.values[gone]
        number = self._number(held)
        if not self._enough(number) or (held.told is not None and time - held.told < self._asked.span / 2):
            return None
        held.told = time
        return Satisfied(held.hits[0].time, number)

    def held(self) -> Iterator[tuple[str, datetime | None, list[_Hit]]]:
        """Yield each group, seen longest ago first: when it was last told, and its hits."""
        for name, group in self._groups.items():
            yield name, group.told, list(group.hits)

    def hold(self, group: str, told: datetime | None, hits: Iterable[tuple[datetime, str, str | None]]) -> None:
        """Take what ``held`` yielded, in that order."""
        kept = deque(_Hit(*hit) for hit in hits)
        self._groups[group] = _Group(kept, Counter(h.value for h in kept), told)

    def _number(self, held: _Group) -> int:
        kind = self._asked.kind
        if kind == "event_count":
            return len(held.hits)
        if kind == "temporal_ordered":
            return _in_order(held.hits, self._asked.rules)
        return len(held.values) - (None in held.values)

    def _enough(self, number: int) -> bool:
        low, high = self._asked.low, self._asked.high
        return (low is None or number >= low) and (high is None or number <= high)


def _in_order(hits: deque[_Hit], rules: tuple[str, ...]) -> int:
    """Return how many of the rules hit one after the other, from the first on."""
    at = 0
    for hit in hits:
        if at < len(rules) and hit.rule == rules[at]:
            at += 1
    return at
