"""The alert budget, by simulation: benign items with uniform p-values, in weeks as sites have them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.learning.budget import DEEP, Counts, days, forecast, levels, spent

A_DAY, WEEK = 144, 7 * 144
BUDGET = 20.0
CAP = 0.01


def stream(
    rng: np.random.Generator, per_day: float, *, office: bool = False, drift: float = 1.0, n: int = 7
) -> dict[int, int]:
    """Return items per slot: gamma-Poisson noise, office hours and weekends, volume that drifts by the day."""
    slots = np.arange(n * A_DAY)
    hour, day = slots % A_DAY / 6, slots // A_DAY
    shape = (
        np.where((hour >= 8) & (hour < 19), 2.1, 0.05) * np.where(day % 7 >= 5, 0.3, 1.0)
        if office
        else np.ones(n * A_DAY)
    )
    counts = rng.poisson(per_day / A_DAY * shape * drift ** (slots / A_DAY) * rng.gamma(3, 1 / 3, n * A_DAY))
    return {int(s): int(c) for s, c in zip(slots, counts, strict=True) if c}


def caps(counts: Counts) -> dict[str, float]:
    return dict.fromkeys(counts, CAP)


def false_alerts(
    rng: np.random.Generator, counts: Counts, per_day: float = BUDGET
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how many benign items alert on each day."""
    out = np.zeros(40, np.int64)
    for name, by_slot in levels(counts, caps(counts), per_day).items():
        for slot, alpha in by_slot.items():
            out[slot // A_DAY] += rng.binomial(counts[name][slot], alpha)
    return out


SITES = {
    "steady": lambda r: {"url": stream(r, 100_000)},
    "office": lambda r: {"url": stream(r, 100_000, office=True)},
    "growing": lambda r: {"url": stream(r, 20_000, office=True, drift=1.3)},
    "shrinking": lambda r: {"url": stream(r, 200_000, drift=1 / 1.3)},
    "five": lambda r: {
        "url": stream(r, 300_000, office=True, drift=1.1),
        "web": stream(r, 1_000_000),
        "spam": stream(r, 800, office=True),
        "domain": stream(r, 3_000_000, office=True, drift=0.9),
        "phishing": stream(r, 20),
    },
}


@pytest.mark.parametrize("site", SITES)
def test_a_replayed_week_keeps_the_budget_within_a_fifth(site: str) -> None:
    shares, daily = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        days_ = false_alerts(rng, SITES[site](rng))[:7]
        shares.append(days_.sum() / (7 * BUDGET))
        daily.append(days_)
    assert 0.8 < np.median(shares) < 1.2, shares
    assert np.mean(np.abs(np.array(shares) - 1) < 0.2) >= 0.8, shares
    assert np.mean(daily, axis=0).max() < 1.5 * BUDGET


@pytest.mark.parametrize("site", ["steady", "five", "shrinking"])
def test_the_forecast_is_within_a_third_of_what_follows(site: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        counts = (
            {"url": stream(rng, 100_000, n=14)}
            if site == "steady"
            else {k: stream(rng, sum(v.values()) / 7, office=k != "web", n=14) for k, v in SITES[site](rng).items()}
        )
        first = {k: {s: n for s, n in v.items() if s < WEEK} for k, v in counts.items()}
        for setting in (5.0, 20.0, 60.0):
            told = sum(forecast(first, caps(counts), setting).values())
            followed = false_alerts(rng, counts, setting)[7:14].sum() / 7
            assert abs(told - followed) < 0.3 * told + 1.0, (setting, told, followed)


def test_few_items_are_held_to_the_detectors_own_rate_only() -> None:
    counts = {"spam": dict.fromkeys(range(0, WEEK, 6), 10)}
    assert set(levels(counts, caps(counts), BUDGET)["spam"].values()) == {CAP}


def test_a_quiet_detector_leaves_its_share_to_the_others() -> None:
    alone = {"url": dict.fromkeys(range(WEEK), 1000)}
    two = {**alone, "spam": {0: 5, 400: 5}}
    each = [spent(c, levels(c, caps(c), BUDGET))["url"] for c in (alone, two)]
    assert each[1] == pytest.approx(each[0], rel=0.1)


def test_loud_detectors_share_equally() -> None:
    counts = {"url": dict.fromkeys(range(WEEK), 1000), "web": dict.fromkeys(range(WEEK), 90_000)}
    got = spent(counts, levels(counts, caps(counts), BUDGET))
    assert got["url"] == pytest.approx(got["web"], rel=0.1)


def test_a_list_that_is_read_in_an_instant() -> None:
    counts = {"url": {0: 100_000}}
    assert 4 < spent(counts, levels(counts, caps(counts), BUDGET))["url"] < BUDGET


def test_a_level_does_not_look_ahead() -> None:
    rng = np.random.default_rng(3)
    whole = SITES["five"](rng)
    first = {k: {s: n for s, n in v.items() if s < 300} for k, v in whole.items()}
    then, now = levels(first, caps(whole), BUDGET), levels(whole, caps(whole), BUDGET)
    assert all(now[k][s] == alpha for k, by in then.items() for s, alpha in by.items())


def test_nothing_is_nothing() -> None:
    assert levels({}, {}, BUDGET) == {}
    assert forecast({"url": {}}, {"url": CAP}, BUDGET) == {"url": 0.0}
    assert days({}) == 1
    counts = {"url": {7: 5}}
    assert levels(counts, caps(counts), 0.0) == {"url": {7: 0.0}}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.dictionaries(st.integers(0, 3000), st.integers(1, 10**7), max_size=30), max_size=4
    ),
    st.floats(0, 1000),
)
def test_never_more_is_spent_than_time_brought_in(counts: dict[str, dict[int, int]], per_day: float) -> None:
    found = levels(counts, caps(counts), per_day)
    assert all(0 <= alpha <= CAP for by in found.values() for alpha in by.values())
    slots = [s for by in counts.values() for s in by]
    length = (max(slots) - min(slots)) / A_DAY if slots else 0
    assert sum(spent(counts, found).values()) <= per_day * (length + DEEP) + 1e-6
