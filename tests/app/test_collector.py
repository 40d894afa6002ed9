from __future__ import annotations

import gc
import weakref

import pytest

from vedette.app.collector import YOUNG_OBJECTS, rare_collections


class Knot:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_the_thresholds_are_raised_and_set_back() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold() == (YOUNG_OBJECTS, *before[1:])
    assert gc.get_threshold() == before


def test_an_error_sets_them_back_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), rare_collections():
        raise ZeroDivisionError
    assert gc.get_threshold() == before


def test_who_wants_it_rarer_still_keeps_that() -> None:
    before = gc.get_threshold()
    gc.set_threshold(5 * YOUNG_OBJECTS, 7, 8)
    try:
        with rare_collections():
            assert gc.get_threshold() == (5 * YOUNG_OBJECTS, 7, 8)
    finally:
        gc.set_threshold(*before)


def test_cycles_are_still_freed() -> None:
    with rare_collections(young=1_000):
        knot = weakref.ref(Knot())
        keep: list[list[int]] = [[] for _ in range(3_000)]
        assert knot() is None
        assert len(keep) == 3_000
