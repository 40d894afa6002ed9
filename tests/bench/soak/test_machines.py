"""What beats, beats as it says."""

from __future__ import annotations

import numpy as np
import pytest
from bench.soak.machines import beats
from bench.soak.rows import HOUR, SECOND


def _gaps(shape: str, jitter: float) -> np.ndarray:
    _, at = beats(np.asarray([0]), np.asarray([100 * HOUR]), 60, jitter, shape, np.random.default_rng(1))
    return np.diff(np.sort(at)) / SECOND


def test_an_exact_clock_does_not_drift() -> None:
    _, at = beats(np.asarray([0]), np.asarray([1000 * HOUR]), 60, 0.01, "exact", np.random.default_rng(1))
    phase = np.sort(at) / SECOND % 60
    assert phase.std() < 1.5 or ((phase + 30) % 60).std() < 1.5


@pytest.mark.parametrize("jitter", [0.1, 0.4])
def test_uniform_jitter_stays_in_its_range(jitter: float) -> None:
    gaps = _gaps("uniform", jitter)
    assert len(gaps) > 5000
    assert 60 * (1 - jitter) - 0.01 <= gaps.min()
    assert gaps.max() <= 60 * (1 + jitter) + 0.01
    assert abs(gaps.mean() - 60) < 1


def test_nothing_beats_while_it_is_off() -> None:
    on, off = np.asarray([0, 10 * HOUR, 0]), np.asarray([HOUR, 12 * HOUR, 0])
    row, at = beats(on, off, 60, 0.2, "normal", np.random.default_rng(1))
    assert ((at >= on[row]) & (at < off[row])).all()
    assert set(row.tolist()) == {0, 1}
    assert abs((row == 1).sum() - 120) < 12
