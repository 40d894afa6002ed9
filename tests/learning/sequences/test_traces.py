from __future__ import annotations

import numpy as np

from vedette.learning.sequences.traces import Traces

FEW = Traces.of([[1, 2, 2], [0], [2, 1]], ["normal", "x", "normal"], ["a", "b", "c"], [5, 1, 2])


def test_layout() -> None:
    assert len(FEW) == 3
    assert FEW.sizes.tolist() == [3, 1, 2]
    assert FEW.owner.tolist() == [0, 0, 0, 1, 2, 2]
    assert FEW.place.tolist() == [0, 1, 2, 0, 0, 1]
    assert FEW.attack.tolist() == [False, True, False]


def test_some_of_them() -> None:
    some = FEW.take(np.array([2, 0]))
    assert (some.events.tolist(), some.sizes.tolist(), some.copies.tolist()) == ([2, 1, 1, 2, 2], [2, 3], [2, 5])
    assert FEW.take(FEW.attack).part.tolist() == ["b"]


def test_counts_and_means() -> None:
    assert FEW.counts(3).tolist() == [[0, 1, 2], [1, 0, 0], [0, 1, 1]]
    assert FEW.counts(2).tolist() == [[0, 3], [1, 0], [0, 2]]
    values = np.arange(6.0)
    assert FEW.mean(values).tolist() == [1.0, 3.0, 4.5]
    assert FEW.highest(values).tolist() == [2.0, 3.0, 5.0]


def test_each_once() -> None:
    many = Traces.of(
        [[1, 2], [3], [1, 2], [3], [2, 1], [4], [4]], ["normal", "x", "normal", "normal", "x", "x", "x"], [*"abcdefg"]
    )
    once = many.distinct()
    assert (once.events.tolist(), once.part.tolist(), once.copies.tolist()) == (
        [1, 2, 2, 1, 4],
        ["a", "e", "f"],
        [2, 1, 2],
    )
