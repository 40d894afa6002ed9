"""Time is charged to what takes it, and the engine is as before afterwards."""

from __future__ import annotations

import time

import numpy as np
import polars as pl
import pytest
from bench.soak.clock import Clock, held_mb, memory_mb

from vedette.app import engine
from vedette.app.findings import Hits


def _work(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_is_nested_is_charged_apart() -> None:
    clock = Clock()
    with clock.on(("outer", "")):
        _work(0.02)
        with clock.on(("inner", "")):
            _work(0.06)
    assert 0.05 < clock.spent["inner", ""] < 0.2
    assert 0.01 < clock.spent["outer", ""] < clock.spent["inner", ""]


def test_the_engine_is_given_back_as_it_was() -> None:
    before = (Hits.add, engine.Engine._directed, vars(engine)["attach"])
    with Clock().watching():
        assert Hits.add is not before[0]
    assert (Hits.add, engine.Engine._directed, vars(engine)["attach"]) == before


def test_memory_is_told() -> None:
    now, peak = memory_mb()
    assert 10 < now <= peak


def test_what_an_object_holds_is_counted_once() -> None:
    array = np.zeros(1_000_000)
    assert held_mb([array, {"again": array}]) == pytest.approx(8.0, abs=0.1)
    assert held_mb(pl.Series([0.0] * 1_000_000)) == pytest.approx(8.0, abs=0.1)
