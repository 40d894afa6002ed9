"""What is normal for one entity, as data that a person or a program can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from vedette.store.profiles.course import SLOTS
from vedette.store.profiles.numbers import FLOOR, OWN_WEIGHT
from vedette.store.profiles.profile import Profile

SHOWN = 20
"""Values of a set, members of a group, and entities of one name, that are told so many of."""
EIGHTY = 1.2816
"""Spreads to either side of a mean within which four of five windows lie, of a normal distribution."""
YOUNG = 8.0
"""Windows with fewer of which an entity is judged by others too: they count for a fifth and more."""
_DAY = SLOTS // 2


@dataclass(frozen=True, slots=True)
class Usual:
    """How large a number usually is, in its own unit: four of five windows lie between ``low`` and ``high``.

    Attributes:
        name: of the number; ``unit``: what it is counted in.
        windows: that it was learned from, older ones counting less.
        low: what one in ten windows lies below; ``middle``; ``high``.
        expected_low: the same of what is expected now: the entity's own history drawn to that of its peers and of everyone.
        expected_high: see there.
        drift: how far its last days lie above its slow mean, less what everyone's do, in spreads of that over entities.
        busy: hours (UTC) of working days in which it is above the middle of its day, as (first, behind the last); None: not known.
        weekend: the largest share of a working hour's level that it has at weekends; None: not known.
    """

    name: str
    unit: str
    windows: float
    low: float
    middle: float
    high: float
    expected_low: float
    expected_high: float
    drift: float
    busy: tuple[int, int] | None = None
    weekend: float | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """What an entity had of a set: ``count`` in all, the ``last`` ones first."""

    name: str
    count: int
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What is normal for one entity, of one feature set.

    Attributes:
        baseline: the feature set.
        keys: what names the entity.
        window_seconds: width of the windows that were learned.
        since: first seen; ``last``: last window learned; ``windows``: how many.
        group: name of its peer group, "" for none; ``peers``: some of the others in it; ``peer_count``: how many there are.
        numbers: how large; ``values``: which.
        unseen: what the baseline cannot see yet, in words.
    """

    baseline: str
    keys: dict[str, str]
    window_seconds: float
    since: datetime
    last: datetime
    windows: int
    group: str
    peers: tuple[str, ...]
    peer_count: int
    numbers: tuple[Usual, ...]
    values: tuple[Values, ...]
    unseen: tuple[str, ...]


def portraits(profile: Profile, *names: str) -> tuple[int, list[Portrait]]:
    """Return how many entities have all of ``names`` among their keys, and what is normal for the ``SHOWN`` of them seen most often."""
    found = profile.find(*names)
    return len(found), [_portrait(profile, int(at)) for at in found[:SHOWN]]


def _portrait(profile: Profile, at: int) -> Portrait:
    numbers, normal = profile.numbers, profile.normal
    group, others = _group(profile, at)
    keys = {k: "" if v is None else str(v) for k, v in profile.entities.drop("entity").row(at, named=True).items()}
    return Portrait(
        baseline=profile.features.name,
        keys=keys,
        window_seconds=normal.window.total_seconds(),
        since=_moment(int(profile.since[at])),
        last=datetime(1970, 1, 1, tzinfo=UTC) + normal.window * float(numbers.at[at]),
        windows=int(numbers.age[at]),
        group=group,
        peers=tuple(others[:SHOWN]),
        peer_count=len(others),
        numbers=tuple(_usual(profile, at, i) for i in range(numbers.width)),
        values=tuple(_values(profile, at, i) for i in range(len(profile.members))),
        unseen=tuple(_unseen(profile, at, has_group=bool(group))),
    )


def _group(profile: Profile, at: int) -> tuple[str, list[str]]:
    group, others = profile.peers_of(at)
    told = pl.concat_str(pl.exclude("entity").cast(pl.String), separator=" ", ignore_nulls=True)
    return group, profile.entities[others].select(told).to_series().sort().to_list()


def _usual(profile: Profile, at: int, i: int) -> Usual:
    numbers, ids, nobody = profile.numbers, np.array([at]), np.full((1, profile.numbers.width), np.nan)
    told = numbers.step(ids, nobody, float(numbers.at[at]), 0, learn=False)
    mean, spread = float(numbers.own.mean[at, i]), float(np.sqrt(numbers.own.var[at, i] + FLOOR**2))
    expected, wide = float(told["normal.mean"][0, i]), float(told["normal.spread"][0, i])
    busy, weekend = _week(profile, at, i)
    return Usual(
        name=profile.normal.numbers[i],
        unit=profile.normal.units.get(profile.normal.numbers[i], ""),
        windows=round(float(numbers.own.count[at, i]), 1),
        low=_plain(mean - EIGHTY * spread),
        middle=_plain(mean),
        high=_plain(mean + EIGHTY * spread),
        expected_low=_plain(expected - EIGHTY * wide),
        expected_high=_plain(expected + EIGHTY * wide),
        drift=round(float(np.nan_to_num(told["own.drift"][0, i])), 2),
        busy=busy,
        weekend=weekend,
    )


def _week(profile: Profile, at: int, i: int) -> tuple[tuple[int, int] | None, float | None]:
    """Return the busy hours of working days, and how large weekends are beside them."""
    course = profile.numbers.course
    place, column = int(course.place[at]), np.flatnonzero(course.hourly == i)
    if place < 0 or not len(column):
        return None, None
    count, mean = course.count[place, :, column[0]], course.mean[place, :, column[0]].astype(np.float64)
    work, rest = count[:_DAY] > 0, count[_DAY:] > 0
    level = np.where(work, np.expm1(mean[:_DAY]), 0.0)
    if level.max() <= 0:
        return None, None
    weekend = float(np.expm1(mean[_DAY:][rest]).max() / max(level.max(), 1e-9)) if rest.any() else None
    return _stretch(level > level.max() / 2), None if weekend is None else round(weekend, 3)


def _stretch(busy: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[int, int] | None:
    """Return the shortest stretch of the (circular) day that holds every busy hour; None where that is the whole day."""
    hours = np.flatnonzero(busy)
    gaps = np.diff(np.append(hours, hours[0] + _DAY))
    widest = int(np.argmax(gaps))
    if gaps[widest] <= 1:
        return None
    return int(hours[(widest + 1) % len(hours)]), int(hours[widest] + 1) % _DAY


def _values(profile: Profile, at: int, i: int) -> Values:
    members = profile.members[i]
    own = members.seen.filter(pl.col("entity") == profile.entities["entity"][at]).sort(
        "last", "member", descending=[True, False]
    )
    return Values(members.column, own.height, tuple(own["member"].head(SHOWN).to_list()))


def _unseen(profile: Profile, at: int, *, has_group: bool) -> list[str]:
    numbers = profile.numbers
    count = float(numbers.own.count[at].max()) if numbers.width else float(numbers.age[at])
    said = []
    if count < YOUNG and numbers.width:
        others = "its peers and everyone" if has_group else "everyone"
        share = 1 - count / (count + OWN_WEIGHT)
        said.append(f"{numbers.age[at]:,} windows: judged by {others} for {share:.0%}")
    if numbers.width and not has_group:
        said.append("no peer group: too young, or nobody behaves alike")
    lived = timedelta(
        microseconds=int(numbers.at[at] * (profile.normal.window // timedelta(microseconds=1)) - profile.since[at])
    )
    if lived < timedelta(days=7):
        said.append(f"known for {max(lived.days, 0)} days: no full week seen yet")
    place = int(numbers.course.place[at])
    if len(numbers.course.hourly) and place >= 0:
        count_of = numbers.course.count[place].max(axis=1)
        if not count_of[_DAY:].any():
            said.append("no weekend seen yet")
        if not count_of[:_DAY].any():
            said.append("no working day seen yet")
        elif (missing := int((count_of[:_DAY] == 0).sum())) > 0:
            said.append(f"never seen in {missing} of the 24 hours of a working day")
    return said


def _plain(level: float) -> float:
    """Return a log1p level in the number's own unit, to three digits; not below nothing."""
    value = max(float(np.expm1(min(level, 60.0))), 0.0) if np.isfinite(level) else 0.0
    return float(f"{value:.3g}")


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


__all__ = ["Portrait", "Usual", "Values", "portraits"]
