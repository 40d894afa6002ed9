from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.store.profiles.moments import Moments


def test_moments_are_those_of_all_observations() -> None:
    random = np.random.default_rng(1)
    values = random.normal(5, 2, (40, 2))
    one, ids = Moments(1, 2), np.array([0])
    for value in values:
        one.add(ids, value[None], np.ones((1, 2), dtype=np.bool_), np.ones((1, 1)))
    assert one.count.tolist() == [[40.0, 40.0]]
    assert one.mean[0] == pytest.approx(values.mean(axis=0))
    assert one.var[0] == pytest.approx(values.var(axis=0))


def test_what_fades_counts_less() -> None:
    one, ids, seen = Moments(1, 1), np.array([0]), np.ones((1, 1), dtype=np.bool_)
    for value, fade in ((0.0, 1.0), (3.0, 0.5)):
        one.add(ids, np.array([[value]]), seen, np.array([[fade]]))
    assert one.count[0, 0] == 1.5
    assert one.mean[0, 0] == pytest.approx(2.0)


def test_what_was_not_measured_counts_for_nothing() -> None:
    one = Moments(1, 2)
    one.add(np.array([0]), np.array([[4.0, 0.0]]), np.array([[True, False]]), np.ones((1, 1)))
    assert one.count.tolist() == [[1.0, 0.0]]
    assert one.mean.tolist() == [[4.0, 0.0]]


def test_merged_samples_are_one() -> None:
    random = np.random.default_rng(2)
    parts = [random.normal(i, 1, 10 + i) for i in range(3)]
    whole = Moments(1)
    for part in parts:
        whole.merge(np.array([float(len(part))]), np.array([part.mean()]), np.array([part.var()]))
    every = np.concatenate(parts)
    assert whole.count[0] == len(every)
    assert whole.mean[0] == pytest.approx(every.mean())
    assert whole.var[0] == pytest.approx(every.var())


def test_columns_come_back_by_name() -> None:
    one = Moments(2, 2)
    one.merge(np.full((2, 2), 3.0), np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 2)))
    told = pl.DataFrame(one.columns("own", ("a", "b"), np.array([1, 0])))
    other = Moments(2, 2)
    other.put("own", ("b", "c"), np.array([0, 1]), told)
    assert other.mean.tolist() == [[4.0, 0.0], [2.0, 0.0]]
    other.take(np.array([1]))
    other.grow(1)
    assert other.mean.tolist() == [[2.0, 0.0], [0.0, 0.0]]
