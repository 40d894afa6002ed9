"""Calibration on a site's own sample: the rate that comes of it, by simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vedette.errors import DataError
from vedette.learning.recalibrate import outliers, recalibrated
from vedette.scoring.calibration import Calibration, benign_table

Draw = Callable[[np.random.Generator, int], np.ndarray[tuple[int], np.dtype[np.float64]]]
SHAPES: dict[str, Draw] = {
    "normal": lambda r, n: r.normal(-6, 2, n),
    "heavy": lambda r, n: r.standard_t(4, n) - 3,
    "skewed": lambda r, n: r.gamma(2, 1.5, n) - 9,
}


def shipped(alpha: float = 0.01) -> Calibration:
    benign, above = benign_table(np.random.default_rng(0).normal(-7, 2, 5000))
    return Calibration(benign, above, 5000, np.array([-4.0, 0.0, 4.0]), np.array([0.01, 0.5, 0.99]), alpha)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("n", [100, 150, 200, 400])
def test_the_rate_is_one_in_a_hundred_in_the_mean(shape: str, n: int) -> None:
    rates = []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        after = recalibrated(shipped(), SHAPES[shape](rng, n), "site").after
        rates.append((after.p_values(SHAPES[shape](rng, 20_000)) <= 0.01).mean())
    assert np.mean(rates) == pytest.approx(0.01, abs=0.003)


def test_the_interval_holds_the_true_rate_nine_times_of_ten() -> None:
    held = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        found = recalibrated(shipped(), rng.normal(-6, 2, 200), "site")
        rate = 1000 * (found.after.p_values(rng.normal(-6, 2, 20_000)) <= 0.01).mean()
        held.append(found.after_rate.low <= rate <= found.after_rate.high)
    assert np.mean(held) == pytest.approx(0.9, abs=0.05)
    assert found.after_rate.low < found.after_rate.expected == 10 < found.after_rate.high


def test_what_changes_is_told() -> None:
    margins = np.random.default_rng(1).normal(-1, 1.5, 300)
    found = recalibrated(shipped(), margins, "here")
    assert found.after.origin == "here"
    assert found.before_rate.expected > 100, "the shipped one is off at this site"
    assert found.cleared == round(found.before_rate.expected * 0.3) - int(found.after.calls(margins).sum())
    assert found.accused == 0
    assert found.after.threshold > found.before.threshold
    assert found.after.confidences(np.array([found.after.threshold])) == pytest.approx(
        found.before.confidences(np.array([found.before.threshold]))
    )


def test_a_sample_that_is_too_small_or_all_alike_is_refused() -> None:
    for margins in (np.arange(99.0), np.zeros(5000)):
        with pytest.raises(DataError, match="too few to calibrate"):
            recalibrated(shipped(), margins, "here")


def test_an_attack_inside_the_spread_of_a_sample_is_a_suspect_all_the_same() -> None:
    rng = np.random.default_rng(3)
    clean = np.concatenate([rng.normal(-7, 1.5, 260), rng.normal(-1.5, 1.0, 40)])  # a site with an odd kind of items
    hidden = np.array([0.4, 1.1, 2.0])
    found = recalibrated(shipped(), np.concatenate([clean, hidden]), "here")
    assert not {300, 301, 302} <= set(outliers(np.concatenate([clean, hidden]))), "the spread alone would do"
    assert {300, 301, 302} <= set(found.suspects.tolist())
    assert set(found.outliers.tolist()) <= set(found.suspects.tolist())
    assert found.clean_threshold < found.after.threshold, "what hides in the sample moves the threshold"
    margins = np.concatenate([clean, hidden])
    assert list(margins[found.suspects]) == sorted(margins[found.suspects], reverse=True)


def test_a_clean_sample_has_few_suspects() -> None:
    counts = [
        len(recalibrated(shipped(), np.random.default_rng(s).normal(-7, 2, 300), "h").suspects) for s in range(40)
    ]
    assert np.mean(counts) < 5  # one in a hundred is called malicious by design


def test_items_that_do_not_look_benign_are_named() -> None:
    rng = np.random.default_rng(2)
    clean = rng.normal(-6, 2, 300)
    mixed = np.concatenate([clean, rng.normal(6, 2, 9)])
    assert set(outliers(mixed)) >= set(range(300, 309))
    assert np.mean([len(outliers(rng.normal(-6, 2, 300))) for _ in range(50)]) < 1
    assert list(outliers(mixed)) == sorted(outliers(mixed), key=lambda i: -mixed[i])
