from __future__ import annotations

import numpy as np
import pytest

from vedette.learning.sequences.rarity import NEIGHBOURS, Rarity


def test_nats_are_the_share_that_scores_so_high() -> None:
    usual = Rarity.of(np.arange(99.0), np.ones(99, np.int64))
    found = usual(np.array([0.0, 50.0, 98.0]), np.ones(3, np.int64))
    assert found == pytest.approx(-np.log(np.array([99.5, 49.5, 1.5]) / 100), abs=0.05)


def test_beyond_all_of_them_it_still_grows_to_a_limit() -> None:
    usual = Rarity.of(np.arange(99.0), np.ones(99, np.int64))
    found = usual(np.array([99.0, 200.0, 1e9, 1e12]), np.ones(4, np.int64))
    assert (np.diff(found) >= 0).all()
    assert found[1] > found[0]
    assert found[3] == found[2] < 20


def test_scores_are_compared_with_those_of_the_same_length() -> None:
    sizes = np.repeat([10, 1000], 2 * NEIGHBOURS)
    scores = np.where(sizes == 10, 5.0, 1.0) + np.tile(np.linspace(0, 0.1, 2 * NEIGHBOURS), 2)
    short, long = Rarity.of(scores, sizes)(np.array([3.0, 3.0]), np.array([10, 1000]))
    assert short < 0.1
    assert long > 5
