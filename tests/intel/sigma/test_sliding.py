from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.sigma.rule import Correlation
from vedette.intel.sigma.sliding import MOST_HITS, Sliding

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _asked(kind: str, low: int | None, high: int | None = None, seconds: int = 60) -> Sliding:
    return Sliding(Correlation("c", "c", kind, ("a", "b"), ("User",), timedelta(seconds=seconds), low, high))


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_events_are_counted_within_a_stretch_that_slides() -> None:
    asked = _asked("event_count", 3)
    assert [asked.add("g", _at(s), "a") for s in (0, 50, 61)] == [None, None, None]  # no three within a minute
    found = asked.add("g", _at(70), "a")
    assert found is not None
    assert (found.since, found.number) == (_at(50), 3)
    assert asked.add("other", _at(71), "a") is None


def test_after_it_was_told_a_group_is_quiet_for_half_the_stretch() -> None:
    asked = _asked("event_count", 1)
    told = [asked.add("g", _at(s), "a") is not None for s in (0, 10, 29, 31, 45, 62)]
    assert told == [True, False, False, True, False, True]


def test_different_values_are_counted_once_each_and_none_is_no_value() -> None:
    asked = _asked("value_count", 2)
    assert asked.add("g", _at(0), "a", "x") is None
    assert asked.add("g", _at(1), "a", "x") is None
    assert asked.add("g", _at(2), "a", None) is None
    found = asked.add("g", _at(3), "a", "y")
    assert found is not None
    assert found.number == 2


def test_rules_together_and_in_order() -> None:
    together, ordered = _asked("temporal", 2), _asked("temporal_ordered", 2)
    for asked, finds in ((together, True), (ordered, False)):
        asked.add("g", _at(0), "b")
        assert (asked.add("g", _at(1), "a") is not None) is finds
    assert ordered.add("g", _at(2), "b") is not None


def test_at_most_so_many() -> None:
    asked = _asked("event_count", None, high=1)
    assert asked.add("g", _at(0), "a") is not None
    assert asked.add("g", _at(40), "a") is None


def test_a_group_holds_so_many_hits_at_most() -> None:
    asked = _asked("event_count", MOST_HITS + 1)
    assert not any(asked.add("g", _at(n / 1000), "a") for n in range(MOST_HITS + 10))


@given(st.lists(st.integers(0, 200), max_size=30), st.integers(1, 5))
def test_it_is_told_where_counting_anew_finds_it_first(seconds: list[int], low: int) -> None:
    ordered = sorted(seconds)
    asked = _asked("event_count", low)
    told = [n for n, s in enumerate(ordered) if asked.add("g", _at(s), "a")]
    held = [n for n, s in enumerate(ordered) if sum(s - 60 <= t for t in ordered[: n + 1]) >= low]
    assert told[:1] == held[:1]
    assert set(told) <= set(held)
