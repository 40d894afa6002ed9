from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vedette.incidents.chain import Chain

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_long_item_keeps_its_key_open_for_those_that_start_after_a_short_one() -> None:
    chain = Chain(3, gap=MINUTE)
    chain.meet(0, "k", START, START + 60 * MINUTE)
    chain.meet(1, "k", START + MINUTE, START + 2 * MINUTE)
    chain.meet(2, "k", START + 61 * MINUTE, START + 61 * MINUTE)
    assert chain.groups() == [[0, 1, 2]]


def test_following_leaves_nothing_behind() -> None:
    chain = Chain(3, gap=MINUTE)
    chain.leave(0, "k", START)
    assert chain.follow(1, "k", START + MINUTE)
    assert not chain.follow(2, "k", START + 2 * MINUTE)
    assert chain.groups() == [[0, 1], [2]]


def test_a_key_may_stay_open_for_longer_to_those_that_follow() -> None:
    chain = Chain(2, gap=MINUTE)
    chain.leave(0, "k", START)
    assert not chain.follow(1, "k", START + 5 * MINUTE)
    assert chain.follow(1, "k", START + 5 * MINUTE, 5 * MINUTE)


def test_groups_merge_over_different_keys() -> None:
    chain = Chain(4, gap=MINUTE)
    for item, keys in enumerate(("a", "b", "c", "ab")):
        for key in keys:
            chain.meet(item, key, START, START)
    assert chain.groups() == [[0, 1, 3], [2]]


def test_who_leaves_a_key_early_does_not_take_it_from_who_stays_longer() -> None:
    chain = Chain(3, gap=MINUTE)
    chain.leave(0, "k", START + 60 * MINUTE)
    chain.leave(1, "k", START + 2 * MINUTE)
    assert chain.follow(2, "k", START + 30 * MINUTE)
    assert chain.groups() == [[0, 2], [1]]
