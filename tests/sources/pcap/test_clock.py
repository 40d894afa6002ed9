"""The capture's clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap.clock import JUMP_MICROSECONDS, Clock

HOUR = JUMP_MICROSECONDS


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([100, 150, 150, 400], [0, 50, 50, 300]),
        ([100, 90, 120], [0, 0, 20]),
        ([100, 100 + 5 * HOUR, 110 + 5 * HOUR], [0, HOUR, HOUR + 10]),
        ([9 * HOUR, 9, 19], [0, 0, 10]),
    ],
)
def test_it_only_goes_forward(times: list[int], expected: list[int]) -> None:
    assert Clock().advance(np.array(times)).tolist() == expected


@given(st.lists(st.integers(0, 20 * HOUR), min_size=1, max_size=40), st.integers(1, 39))
def test_it_does_not_depend_on_the_steps(times: list[int], cut: int) -> None:
    whole = Clock().advance(np.array(times))
    clock = Clock()
    parts = [clock.advance(np.array(part)) for part in (times[:cut], times[cut:]) if part]
    assert np.concatenate(parts).tolist() == whole.tolist()
    assert (np.diff(whole) >= 0).all()
    assert clock.now == whole[-1]
