from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.learning.split import drawn, folds, hashes, parts

NAMES = st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=3)), max_size=40)


@given(NAMES, st.integers(2, 5), st.integers(0, 9))
def test_a_group_is_in_one_fold_whatever_stands_beside_it(names: list[str | None], count: int, seed: int) -> None:
    groups = pl.Series("g", names, dtype=pl.String)
    got = folds(groups, count, seed)
    assert len(got) == len(names)
    for name in set(names):
        assert len({int(f) for f, n in zip(got, names, strict=True) if n == name}) == 1
        assert folds(pl.Series([name], dtype=pl.String), count, seed)[0] == got[names.index(name)]


def test_hashes_stay_the_same_for_ever() -> None:
    assert hashes(pl.Series(["a", None, "a"]), 7).tolist() == [
        17717539358366699869,
        18041152350270047522,
        17717539358366699869,
    ]


@given(NAMES, st.integers(1, 30), st.integers(0, 9))
def test_whole_groups_are_drawn_and_no_more_than_wanted(names: list[str | None], most: int, seed: int) -> None:
    groups = pl.Series("g", names, dtype=pl.String)
    got = drawn(groups, most, seed)
    assert len(got) <= max(most, 0)
    assert (np.diff(got) > 0).all()
    inside = {names[i] for i in got}
    outside = {n for i, n in enumerate(names) if i not in set(got.tolist())}
    assert not inside & outside
    sizes = {n: names.count(n) for n in outside}
    assert all(size > most - len(got) for size in sizes.values())


def test_another_seed_draws_others() -> None:
    groups = pl.Series([str(i) for i in range(100)])
    assert drawn(groups, 10, 1).tolist() == drawn(groups, 10, 1).tolist() != drawn(groups, 10, 2).tolist()


@pytest.mark.parametrize(
    ("each", "names"), [(True, ["", "a", "b"]), (False, ["fold 1", "fold 2"])], ids=["each value", "folds"]
)
def test_parts(each: bool, names: list[str]) -> None:
    got, place = parts(pl.Series(["b", "a", None, "b"]), 2, 0, each=each)
    assert got == names
    assert place[0] == place[3]
    if each:
        assert place.tolist() == [2, 1, 0, 2]
