"""What a run did with its baselines, in numbers and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vedette.store.profiles.profile import Profile


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the baselines of a run.

    Attributes:
        sets: feature sets with a baseline.
        began: first window that any of them learned; None: nothing was learned.
        until: last one.
        days: different days, of the set that has most.
        entities: all that are known; ``aside``: those of them in files.
        windows: learned, over all sets; ``again``: rows of windows that were learned before this run and so were not learned again.
        forgotten: values of sets.
        stored: last window that stored baselines had learned before this run; None: there were none.
    """

    sets: int
    began: datetime | None
    until: datetime | None
    days: int
    entities: int
    aside: int
    windows: int
    again: int
    forgotten: int
    stored: datetime | None

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Told | None:
        """Return what became of some baselines; None where there are none."""
        every = list(profiles)
        if not every:
            return None
        learned = [p for p in every if p.windows]
        stored = [p.stored for p in every if p.stored is not None]
        return cls(
            sets=len(every),
            began=_moment(min(p.began for p in learned)) if learned else None,
            until=_moment(max(p.until for p in learned)) if learned else None,
            days=max(p.days for p in every),
            entities=sum(p.known for p in every),
            aside=sum(p.tally.aside for p in every),
            windows=sum(p.windows for p in every),
            again=sum(p.tally.again for p in every),
            forgotten=sum(p.tally.forgotten for p in every),
            stored=_moment(max(stored)) if stored else None,
        )

    def sentences(self, now: datetime) -> list[str]:
        """Return what is to be known, in words."""
        said = []
        if self.stored is not None:
            old = (now - self.stored).days
            age = "" if old < 1 else f", {old:,} day{'s' * (old > 1)} old"
            said.append(f"Judged against what is normal here, learned up to {self.stored:%Y-%m-%d %H:%M} UTC{age}.")
        if self.again:
            rows = (
                "1 row is of a window that was" if self.again == 1 else f"{self.again:,} rows are of windows that were"
            )
            said.append(f"{rows} learned before: judged again, not learned again.")
        if self.aside:
            said.append(f"{self.aside:,} of {self.entities:,} entities set aside in files: not seen for long.")
        return said


def _moment(microseconds: int) -> datetime:
    """Return a time; the window of a broken clock may begin before the first one or end after the last."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    low, high = (first - _EPOCH) // _UNIT, (last - _EPOCH) // _UNIT
    return _EPOCH + timedelta(microseconds=min(max(microseconds, low), high))


_EPOCH, _UNIT = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
