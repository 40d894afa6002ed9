"""Keeps the alert budget: how small a p-value must be for an alert, so that benign items raise as many a day as a person can look at.

A p-value of a benign item is below ``alpha`` with probability ``alpha`` at the most, so n benign items at levels alpha_1 ... alpha_n
raise at most their sum of false alerts, in expectation, however they depend on each other (the per-family error rate: Spjotvoll, "On the
optimality of some multiple comparison procedures", 1972). So a level is a price: every judged item pays it, out of a purse that time
fills. As in alpha investing (Foster, Stine, JRSS B 2008) nothing is spent that is not there; other than there, the income does not depend
on what was found, because the budget is a person's time. See docs/decisions/2026-11-23-the-alert-budget-is-a-purse.md.

Time is cut into slots of ten minutes. All items of a slot have the same level, so that the order in which events arrive changes nothing,
and a level depends on this and earlier slots only, so that a live run and a later scan agree.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import polars as pl

SLOT = timedelta(minutes=10)
DAY = timedelta(days=1)
_SLOTS_A_DAY = DAY // SLOT
DEEP = 2.0
"""All purses together hold this many days' income: what a night leaves unspent the next day may spend."""

START = 0.6
"""Days' income that are there at the start: enough for a list that is read in an instant, and little more than one for the first day."""

Counts = Mapping[str, Mapping[int, int]]
"""Detector -> number of the slot since the epoch -> items judged."""
Levels = dict[str, dict[int, float]]
"""Detector -> slot -> the largest p-value that alerts."""


@dataclass(slots=True)
class _Purse:
    """What one detector may still spend, and how many items it judged in the last day.

    Attributes:
        cap: no level is above this: the detector's own false-positive rate.
        wealth: expected false alerts that it may still raise.
    """

    cap: float
    wealth: float = 0.0
    seen: int = 0
    recent: deque[tuple[int, int]] = field(default_factory=deque)

    def see(self, slot: int, n: int) -> None:
        """Count the items of a slot; forget those of more than a day before."""
        if n:
            self.recent.append((slot, n))
            self.seen += n
        while self.recent and self.recent[0][0] <= slot - _SLOTS_A_DAY:
            self.seen -= self.recent.popleft()[1]

    def level(self, n: int) -> float:
        """Return the level of n items, and pay for them: as if the next day had as many items as the last."""
        alpha = self.cap
        if self.wealth < self.cap * self.seen:
            alpha = min(self.cap, self.wealth * -math.expm1(-n / self.seen) / n)
        self.wealth = max(0.0, self.wealth - n * alpha)
        return alpha

    @property
    def use(self) -> float:
        """What two days like the last could spend at the most."""
        return DEEP * self.cap * self.seen


def levels(counts: Counts, caps: Mapping[str, float], alerts_per_day: float) -> Levels:
    """Return the level of every detector and slot.

    Args:
        counts: how many items each detector judged in each slot.
        caps: detector -> its own false-positive rate, which no level exceeds.
        alerts_per_day: false alerts a day that all detectors together may raise, in expectation.

    Example:
        >>> day = {slot: 1000 for slot in range(144)}
        >>> got = levels({"url": day}, {"url": 0.01}, alerts_per_day=20)
        >>> round(sum(alpha * day[slot] for slot, alpha in got["url"].items()))
        22
    """
    out: Levels = {name: {} for name in counts}
    purses = {name: _Purse(caps[name]) for name in sorted(counts)}
    pot, last, most = START * alerts_per_day, None, DEEP * alerts_per_day
    for slot in sorted({s for by_slot in counts.values() for s in by_slot}):
        pot += 0.0 if last is None else alerts_per_day * (slot - last) / _SLOTS_A_DAY
        for name, purse in purses.items():
            purse.see(slot, counts[name].get(slot, 0))
        pot = _settle(list(purses.values()), min(pot, most), most)
        for name, purse in purses.items():
            if n := counts[name].get(slot):
                out[name][slot] = purse.level(n)
        last = slot
    return out


def _settle(purses: list[_Purse], pot: float, most: float) -> float:
    """Bring every purse towards its share, out of the pot; return what stays there: together they hold ``most``."""
    rooms = _shares([p.use for p in purses], most)
    for purse, room in zip(purses, rooms, strict=True):
        pot += max(0.0, purse.wealth - room)  # a newcomer made the share smaller
        purse.wealth = min(purse.wealth, room)
    pot = min(pot, most - sum(p.wealth for p in purses))
    lacks = [r - p.wealth for p, r in zip(purses, rooms, strict=True)]
    for purse, given in zip(purses, _shares(lacks, pot), strict=True):
        purse.wealth += given
        pot -= given
    return max(0.0, pot)


def _shares(wanted: list[float], there: float) -> list[float]:
    """Return equal shares of what is there; what one does not want is for the others."""
    out, left = [0.0] * len(wanted), there
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    for place, i in enumerate(order):
        out[i] = min(wanted[i], left / (len(order) - place))
        left -= out[i]
    return out


def slot_of(time: pl.Expr) -> pl.Expr:
    """Return the number of the slot since the epoch (Int64)."""
    return time.dt.epoch("us") // (SLOT // timedelta(microseconds=1))


def spent(counts: Counts, found: Levels) -> dict[str, float]:
    """Return how many false alerts each detector raises in expectation, were every item benign."""
    return {name: sum(alpha * counts[name][slot] for slot, alpha in by.items()) for name, by in found.items()}


def days(counts: Counts) -> float:
    """Return how many days the counts reach over; at least one."""
    slots = [s for by_slot in counts.values() for s in by_slot]
    return max(1.0, (max(slots) - min(slots) + 1) / _SLOTS_A_DAY) if slots else 1.0


def forecast(counts: Counts, caps: Mapping[str, float], alerts_per_day: float) -> dict[str, float]:
    """Return the false alerts a day that each detector will raise under a setting, if the next days are as the last week was.

    The purse is run over the counts twice, and the second run is read: the first only brings it into the swing of things.
    """
    if not any(counts.values()):
        return dict.fromkeys(counts, 0.0)
    slots = [s for by_slot in counts.values() for s in by_slot]
    length = math.ceil((max(slots) - min(slots) + 1) / _SLOTS_A_DAY) * _SLOTS_A_DAY
    since = max(slots) + 1 - 7 * _SLOTS_A_DAY if length > 7 * _SLOTS_A_DAY else min(slots)
    length = min(length, 7 * _SLOTS_A_DAY)
    recent = {name: {s: n for s, n in by.items() if s >= since} for name, by in counts.items()}
    twice = {name: {**by, **{s + length: n for s, n in by.items()}} for name, by in recent.items()}
    found = levels(twice, caps, alerts_per_day)
    edge = since + length
    return {
        name: sum(alpha * twice[name][s] for s, alpha in by.items() if s >= edge) * _SLOTS_A_DAY / length
        for name, by in found.items()
    }
