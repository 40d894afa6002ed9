from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.store.profiles.course import BIN_WIDTH, Course
from vedette.store.profiles.moments import Floats

ONE = np.ones((1, 1))


def _course(levels: list[float], slot: int = 9) -> Course:
    """Return the course of one entity that was old from the first."""
    course = Course(1, np.array([0]))
    course.grow(2)
    for level in levels:
        x = np.array([[level]])
        course.add(np.array([0]), np.array([True]), (x, x), np.array([[True]]), ONE, slot)
    return course


def _above(course: Course, x: float) -> float:
    told: Floats = course.above(np.array([0]), np.array([[x]]))
    return float(told[0, 0])


def test_how_many_windows_lay_as_high() -> None:
    course = _course([1.0, 5.0, 5.1, 9.0])
    assert [_above(course, x) for x in (0.0, 5.0, 9.0, 9.0 + BIN_WIDTH, 99.0)] == [1.0, 0.75, 0.25, 0.0, 0.0]


def test_the_young_have_no_sketch_and_no_room() -> None:
    course = Course(1, np.array([0]))
    course.grow(50)
    course.add(
        np.arange(50),
        np.arange(50) >= 48,
        (np.ones((50, 1)),) * 2,
        np.ones((50, 1), dtype=np.bool_),
        np.ones((50, 1)),
        0,
    )
    assert course.used == 2
    assert np.isnan(course.above(np.array([0, 49]), np.ones((2, 1)))[:, 0]).tolist() == [True, False]
    assert course.hour(np.array([0, 49]), 0)[0].tolist() == [[0.0], [1.0]]


def test_hours_are_learned_apart() -> None:
    course = _course([2.0, 4.0], slot=9)
    count, mean = course.hour(np.array([0]), 9)
    assert (count[0, 0], mean[0, 0]) == (2.0, 3.0)
    count, mean = course.hour(np.array([0]), 33)
    assert count[0, 0] == 0.0
    assert np.isnan(mean[0, 0])


def test_what_is_kept_comes_back_in_another_order() -> None:
    course = _course([1.0, 7.0])
    told = pl.DataFrame(course.columns(("bytes",), np.array([1, 0])))
    assert told["sketch.bytes"].is_null().to_list() == [True, False]
    other = Course(1, np.array([0]))
    other.grow(3)
    other.put(("bytes",), np.array([2, 1]), told)
    assert other.place.tolist() == [-1, 0, -1]
    assert float(other.above(np.array([1]), np.array([[7.0]]))[0, 0]) == 0.5
    assert other.hour(np.array([1]), 9)[1][0, 0] == pytest.approx(4.0)
    other.take(np.array([1]))
    assert other.place.tolist() == [0]
    assert float(other.above(np.array([0]), np.array([[7.0]]))[0, 0]) == 0.5


def test_a_number_that_is_new_begins_empty() -> None:
    told = pl.DataFrame(_course([1.0, 7.0]).columns(("bytes",), np.array([0])))
    other = Course(2, np.array([1]))
    other.grow(1)
    other.put(("flows", "bytes"), np.array([0]), told)
    above = other.above(np.array([0]), np.array([[0.0, 7.0]]))[0]
    assert np.isnan(above[0])
    assert above[1] == 0.5
    assert other.hour(np.array([0]), 9)[1][0, 0] == pytest.approx(4.0)
