from __future__ import annotations

import numpy as np
import pytest
from tools.rita_score import score, with_prevalence

DAY = 86_400.0


def test_an_exact_beacon_all_day_has_the_highest_score() -> None:
    at = np.arange(0, DAY, 300.0)
    assert score(at, np.full(len(at), 500.0), 0.0, DAY) == pytest.approx(1.0, abs=0.01)


def test_browsing_has_a_low_one_and_few_contacts_none() -> None:
    rng = np.random.default_rng(0)
    bursts = np.sort((rng.uniform(0, DAY, 4)[:, None] + rng.exponential(3, (4, 40)).cumsum(axis=1)).ravel())
    assert score(bursts, rng.lognormal(7, 1.5, len(bursts)), 0.0, DAY) < 0.5
    assert score(np.array([1.0, 2.0, 3.0]), np.ones(3), 0.0, DAY) == 0.0


def test_sizes_may_be_unknown() -> None:
    at = np.arange(0, DAY, 300.0)
    assert score(at, None, 0.0, DAY) == pytest.approx(1.0, abs=0.01)


def test_prevalence_raises_and_lowers() -> None:
    rare, usual, common = (with_prevalence(0.8, share) for share in (0.01, 0.2, 0.9))
    assert rare > usual > common
