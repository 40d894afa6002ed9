"""The clock of events: up to when no older event is expected any more.

A function of what came in and when it came, so that reading the log again gives the same. Each input has the time of its newest event; the
clock is the oldest of these, over inputs that are not silent, less the lateness. So one slow input is waited for, one that fell silent is
not, and a single event that is dated in the future moves nothing. Where all inputs are silent it goes on as fast as time does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

STEP = timedelta(minutes=1)
"""The clock moves in whole steps: windows are whole minutes."""

AHEAD = timedelta(minutes=5)
"""An event dated this much later than it came is of a clock that goes wrong; it is judged, and does not move ours."""

DOWN = timedelta(seconds=20)
"""Nothing in the log for so long, not even a mark that time passes: the service was down, and nobody was silent."""

MOST_INPUTS = 10_000
"""Inputs remembered; of more, those that were silent for longest are forgotten."""


@dataclass(slots=True)
class EventClock:
    """Keeps the newest event of each input.

    Attributes:
        lateness: how long windows wait for late events.
        idle: an input that was silent for so long does not hold the clock back.
        marks: input -> time of its newest event, and when it was last heard from.
        until: no older event is expected; None before the first event.
        last: when the last record came.
        ahead: events that were dated in the future, in all.
    """

    lateness: timedelta
    idle: timedelta
    marks: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    until: datetime | None = None
    last: datetime | None = None
    ahead: int = 0

    def comes(self, arrival: datetime) -> None:
        """Take note that a record came; to be called before its events are seen."""
        if self.last is not None and arrival - self.last > DOWN:
            self.marks = {name: (newest, arrival) for name, (newest, _) in self.marks.items()}
        self.last = arrival

    def saw(self, name: str, newest: datetime, arrival: datetime) -> None:
        """Take note of the newest event of a batch."""
        if newest > arrival + AHEAD:
            self.ahead += 1
            newest = arrival
        before = self.marks.pop(name, None)
        self.marks[name] = (max(newest, before[0]) if before else newest, arrival)
        if len(self.marks) > MOST_INPUTS:
            del self.marks[next(iter(self.marks))]

    def moved(self, arrival: datetime) -> datetime | None:
        """Return how far windows may be closed now, where that is further than before; None where not.

        Args:
            arrival: when the last record came: the time that this clock believes it is.
        """
        if not self.marks:
            return None
        heard = [newest for newest, last in self.marks.values() if arrival - last <= self.idle]
        if heard:
            now = min(heard)
        else:
            newest, last = max(self.marks.values(), key=lambda m: m[1])
            now = newest + (arrival - last - self.idle)
        until = _floor(now - self.lateness)
        if self.until is not None and until <= self.until:
            return None
        self.until = until
        return until

    def dump(self) -> dict[str, list[float]]:
        """Return the marks as plain numbers."""
        return {name: [newest.timestamp(), last.timestamp()] for name, (newest, last) in self.marks.items()}

    def load(self, marks: Mapping[str, list[float]], until: datetime | None, last: datetime | None) -> None:
        """Take what ``dump`` returned, how far windows were closed, and when the last record came."""
        self.marks = {
            name: (datetime.fromtimestamp(a, UTC), datetime.fromtimestamp(b, UTC)) for name, (a, b) in marks.items()
        }
        self.until, self.last = until, last


def _floor(time: datetime) -> datetime:
    return time - (time - datetime.fromtimestamp(0, UTC)) % STEP
