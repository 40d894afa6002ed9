from __future__ import annotations

import pytest

from vedette.learning.sequences.likeness import new_counts, unlike_counts, unlike_set
from vedette.learning.sequences.traces import Traces

USUAL = Traces.of([[0, 1, 1], [0, 2], [0, 2]], ["normal"] * 3, ["train"] * 3)
ASKED = Traces.of([[1, 0, 1], [0, 1], [0, 3], [3]], ["x"] * 4, ["test"] * 4)


def test_the_set_of_the_nearest() -> None:
    assert unlike_set(USUAL, ASKED, 4).tolist() == pytest.approx([0, 0, 2 / 3, 1])


def test_rare_events_weigh_more() -> None:
    weighted = unlike_set(USUAL, ASKED, 4, weighted=True)
    assert weighted[0] == pytest.approx(0)
    assert weighted[2] > 2 / 3


def test_counts() -> None:
    assert unlike_counts(USUAL, ASKED, 4)[:2] == pytest.approx([0, 0.405], abs=1e-3)
    assert new_counts(USUAL, ASKED, 4).tolist() == [False, True, True, True]
