from __future__ import annotations

from vedette.testing.names import lookups, random_names


def test_lookups() -> None:
    batch = lookups(["a.com", "b.com"], rcode=3)
    assert batch.frame["rcode_id"].to_list() == [3, 3]


def test_random_names_come_from_the_seed() -> None:
    assert random_names(5) == random_names(5)
    assert random_names(5) != random_names(5, seed=2)
    assert {len(n) for n in random_names(5, 9)} == {13}
