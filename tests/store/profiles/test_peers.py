from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from vedette.store.profiles.moments import Floats
from vedette.store.profiles.peers import DRIFT_LEAST, LEAST, Peers


def _learned(mean: Floats, var: float = 1.0, count: float = 50.0, named: int = 0, drift: Floats | None = None) -> Peers:
    size, width = mean.shape
    peers = Peers(width, named)
    peers.grow(size)
    ids, known = np.arange(size), np.ones((size, width), dtype=np.bool_)
    own = (np.full((size, width), count), mean, np.full((size, width), var))
    peers.learn(ids, own, np.zeros((size, width)) if drift is None else drift, (ids, mean, known))
    return peers


def _two_kinds(seed: int = 1) -> Floats:
    random = np.random.default_rng(seed)
    return np.vstack([random.normal([9, 3], 0.4, (20, 2)), random.normal([16, 7], 0.4, (5, 2))])


def test_those_that_behave_alike_are_one_group() -> None:
    peers = _learned(_two_kinds())
    assert len(set(peers.of[:20])) == len(set(peers.of[20:])) == 1
    assert peers.of[0] != peers.of[20]
    assert _learned(_two_kinds()).of.tolist() == peers.of.tolist()


def test_groups_do_not_depend_on_scale() -> None:
    assert _learned(_two_kinds() * 10, var=100.0).of.tolist() == _learned(_two_kinds()).of.tolist()


def test_alike_entities_are_not_torn_apart() -> None:
    one = np.random.default_rng(3).normal([9, 3], 0.5, (60, 2))
    assert set(_learned(one).of) == {0}


def test_who_is_like_nobody_has_no_group() -> None:
    mean = _two_kinds()
    mean[7] = [30.0, 30.0]
    peers = _learned(mean)
    assert peers.of[7] == -1
    assert peers.moments(np.array([7]))[0].tolist() == [[0.0, 0.0]]


def test_moments_are_those_of_the_others() -> None:
    """Between and within the members; not oneself."""
    mean = np.array([[1.0], [2.0], [3.0], [2.0], [1.0], [3.0], [2.5]])
    count, got, var = _learned(mean, var=4.0).moments(np.array([0]))
    others = mean[1:, 0]
    assert count[0, 0] == 24.0 * len(others)
    assert got[0, 0] == pytest.approx(others.mean())
    assert var[0, 0] == pytest.approx(4.0 + others.var())


def test_few_are_no_group() -> None:
    assert set(_learned(_two_kinds()[: 2 * LEAST - 1]).of) == {-1}


def test_named_groups_stay_and_learned_ones_come_after_them() -> None:
    mean = _two_kinds()
    size = len(mean)
    peers = Peers(2, named=1)
    peers.grow(size)
    peers.of[[0, 24]] = 0
    ids, known = np.arange(size), np.ones((size, 2), dtype=np.bool_)
    peers.learn(ids, (np.full((size, 2), 50.0), mean, np.ones((size, 2))), np.zeros((size, 2)), (ids, mean, known))
    assert peers.of[[0, 24]].tolist() == [0, 0]
    assert set(peers.of[1:24]) == {1, 2}
    assert peers.moments(np.array([0]))[1][0] == pytest.approx(mean[24])


def test_a_newcomer_joins_those_it_is_near_to() -> None:
    peers = _learned(_two_kinds())
    peers.grow(3)
    new = np.array([25, 26, 27])
    peers.assign(
        new, np.array([[16.2, 7.1], [8.8, 0.0], [60.0, 60.0]]), np.array([[True, True], [True, False], [True, True]])
    )
    assert peers.of[new].tolist() == [peers.of[20], peers.of[0], -1]


def test_drift_is_that_of_most() -> None:
    drift = np.full((DRIFT_LEAST, 1), 0.5)
    drift[0] = 9.0
    peers = _learned(np.ones((DRIFT_LEAST, 1)), drift=drift)
    assert peers.drift.tolist() == [0.5]
    assert peers.drift_spread.tolist() == [0.0]
    assert _learned(np.ones((DRIFT_LEAST - 1, 1)), drift=drift[1:]).drift.tolist() == [0.0]


@pytest.mark.parametrize("width", [2, 0])
def test_groups_come_back(width: int) -> None:
    peers = _learned(_two_kinds()[:, :width])
    told = json.loads(json.dumps(peers.told()))
    names = ("a", "b")[:width]
    rows = pl.DataFrame(peers.columns(names, np.arange(25)))
    other = Peers(width)
    other.grow(25)
    other.restore(told)
    other.put(names, np.arange(25), rows)
    assert other.of.tolist() == peers.of.tolist()
    for ours, theirs in zip(other.moments(np.arange(25)), peers.moments(np.arange(25)), strict=True):
        assert ours.tolist() == theirs.tolist()
    other.leave(np.array([3]))
    assert other.of[3] == -1
