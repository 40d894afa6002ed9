from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vedette.store.profiles.quota import Quota

LEAST = 2_000

TURNS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 100_000)), min_size=1, max_size=60)


@given(st.integers(1, 50_000), TURNS)
def test_together_they_hold_less_than_twice_the_limit(limit: int, turns: list[tuple[str, int]]) -> None:
    quota, held = Quota(limit), {}
    last = dict(turns)
    for name, wanted in (*turns, *last.items()):
        held[name] = quota.allow(name, wanted, LEAST)
        assert held[name] <= wanted
        assert held[name] >= min(wanted, LEAST)
        assert held[name] >= min(wanted, limit // 6)
    assert sum(held.values()) <= 2 * limit + len(held) * LEAST


def test_who_comes_later_gets_a_share_and_the_first_gives_it_up() -> None:
    quota = Quota(100_000)
    assert quota.allow("first", 200_000) == 100_000
    assert quota.allow("second", 80_000) == 50_000
    assert quota.allow("first", 100_000) == 50_000
    assert quota.allow("third", 10) == 10
    assert quota.allow("first", 60_000) == 49_990


def test_one_alone_has_all() -> None:
    assert Quota(5_000).allow("only", 9_000) == 5_000
    assert Quota(5).allow("only", 9_000, LEAST) == LEAST
