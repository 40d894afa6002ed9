from __future__ import annotations

from datetime import timedelta

import pytest
from tests.store.profiles.made import HOUR, START, Sent, rows_of

from vedette.store.profiles import Profile
from vedette.store.profiles import profile as module
from vedette.store.profiles.told import Told


def test_nothing_is_said_of_nothing() -> None:
    assert Told.of([]) is None
    told = Told.of([Profile(Sent())])
    assert told is not None
    assert told.began is None
    assert told.sentences(START) == []


def test_what_was_learned_is_counted() -> None:
    one, two = Profile(Sent()), Profile(Sent())
    one.judge(rows_of([(0, "a", 1.0, []), (30, "b", 1.0, [])]))
    two.judge(rows_of([(3, "a", 1.0, [])]))
    told = Told.of([one, two])
    assert told is not None
    assert (told.sets, told.entities, told.windows, told.days) == (2, 3, 3, 2)
    assert (told.began, told.until) == (START, START + 30 * HOUR)
    assert told.sentences(START) == []


@pytest.mark.parametrize("year", [1, 9999])
def test_a_broken_clock_stops_nothing(year: int) -> None:
    """A window of a week that holds the first of all days begins before it."""
    profile = Profile(Sent())
    profile.judge(rows_of([(0, "a", 1.0, [])]))
    profile.began = profile.until = (-1 if year == 1 else 1) * (1 << 61)
    told = Told.of([profile])
    assert told is not None
    assert told.began is not None
    assert told.began.year == year


def test_the_age_of_what_was_stored_is_said_and_what_was_not_learned_again() -> None:
    profile = Profile(Sent())
    profile.judge(rows_of([(5, "a", 1.0, [])]))
    after = Profile(Sent())
    after.restore(profile.told(), profile.kept(), [m.seen for m in profile.members])
    after.judge(rows_of([(5, "a", 1.0, []), (6, "a", 1.0, [])]))
    told = Told.of([after])
    assert told is not None
    said = told.sentences(START + timedelta(days=3))
    assert said == [
        "Judged against what is normal here, learned up to 2026-03-02 05:00 UTC, 2 days old.",
        "1 row is of a window that was learned before: judged again, not learned again.",
    ]


def test_who_lies_in_files_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PEERS_OF", 2)
    profile = Profile(Sent(), limit=2)
    profile.judge(rows_of([*((0, f"h{n}", 1.0, []) for n in range(5)), (24, "h0", 1.0, []), (48, "h0", 1.0, [])]))
    told = Told.of([profile])
    profile.close()
    assert told is not None
    assert told.sentences(START) == ["3 of 5 entities set aside in files: not seen for long."]
