from __future__ import annotations

import sys

import numpy as np
import pytest
from tests.learning.tabular.made import made

from vedette.errors import DataError
from vedette.learning.measures import auc
from vedette.learning.tabular.scorers import Tail, combined, isolation_forest, lightgbm, nearest, recall_by_kind


def test_nearest_finds_what_is_far() -> None:
    rows, other = made(), made(seed=1)
    assert auc(nearest(rows, 0)(other), other.attack) > 0.95


@pytest.mark.parametrize(
    ("maker", "least", "library"), [(lightgbm, 0.95, "lightgbm"), (isolation_forest, 0.6, "sklearn")]
)
def test_plain_methods_work_as_they_come(maker: object, least: float, library: str) -> None:
    pytest.importorskip(library)
    assert callable(maker)
    rows, other = made(), made(seed=1)
    assert auc(maker(rows, 0)(other), other.attack) > least


def test_an_absent_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(DataError, match="lightgbm is not here"):
        lightgbm(made(), 0)


def test_a_tail_is_minus_the_logarithm_of_a_share() -> None:
    scores = np.random.default_rng(0).exponential(1, 50_000)
    found = Tail.of(scores)(np.array([0.0, np.log(2), np.log(20), 8.0, 9.0]))
    assert found[:3] == pytest.approx([0, np.log(2), np.log(20)], abs=0.1)
    assert found[3] == pytest.approx(8.0, abs=0.8)
    assert found[4] > found[3]


def test_combinations_add_up_or_take_the_least() -> None:
    usual = np.linspace(0, 1, 1001)
    tails = {"LightGBM": Tail.of(usual), "nearest": Tail.of(usual), "density": Tail.of(usual)}
    scores = {"LightGBM": np.array([0.5]), "nearest": np.array([0.9]), "density": np.array([0.0])}
    found = combined(scores, tails)
    assert found["both agree"][0] == pytest.approx(np.log(2), abs=0.01)
    assert found["trees and unlike"][0] == pytest.approx(np.log(2) + np.log(10), abs=0.02)
    assert found["nearest"][0] == 0.9
    assert "all" not in found, "a part is absent"


def test_recall_is_told_by_kind() -> None:
    kinds = np.array(["normal", "scan", "scan", "flood"])
    assert recall_by_kind(np.array([9.0, 1.0, 3.0, 3.0]), kinds, kinds != "normal", 2.0) == {"flood": 1.0, "scan": 0.5}
