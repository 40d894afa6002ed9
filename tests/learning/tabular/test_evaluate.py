from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.learning.tabular.made import KINDS, made

from vedette.learning.tabular import evaluate
from vedette.learning.tabular.density import Density
from vedette.learning.tabular.evaluate import balanced, by_kind, incidents, left_out, windows
from vedette.learning.tabular.scorers import nearest
from vedette.learning.tabular.table import Table

MAKERS = {"density": Density.of, "nearest": nearest}


def test_kinds_stay_together() -> None:
    rows = made()
    part = by_kind(rows, 3)
    assert all(len(set(part[rows.kind == k])) == 1 for k in KINDS)
    assert len(set(part[~rows.attack])) == evaluate.FOLDS


def test_nothing_is_scored_by_what_was_given_it() -> None:
    rows, given = made(), []

    def remembering(train: Table, _: int) -> object:
        given.append(train)
        return lambda asked: np.full(len(asked), float(len(set(asked.kinds) & set(train.kinds))))

    found = left_out({"it": remembering}, rows, by_kind(rows, 0), 0)  # type: ignore[dict-item]
    assert len(given) == evaluate.FOLDS
    assert found["it"].tolist() == [0.0] * len(rows)


def test_the_threshold_weighs_kinds_alike() -> None:
    rows = made(normal=100, attacks=10).take(np.arange(120))
    scores = np.where(rows.kind == "flood", 5.0, np.where(rows.attack, 3.0, np.arange(120) % 3))
    limit = balanced(scores.astype(float), rows)
    assert 2.0 < limit < 3.0


def test_windows_add_up_what_is_a_little_strange() -> None:
    rows = made()
    flat = windows(rows, np.ones(len(rows)))
    assert flat["nats"].to_list() == [0.0] * flat.height
    strange = windows(rows, np.full(len(rows), 3.0))
    one = strange.filter(strange["nats"] > 0)["nats"]
    assert one.min() == pytest.approx(3 - 1 - np.log(3))
    assert strange["attacks"].sum() == rows.attack.sum()


def test_alarms_close_in_time_are_one_incident() -> None:
    times = pl.Series([0, 30, 59, 200, 10]) * 60_000_000
    alarms = pl.DataFrame({"source": ["a", "a", "a", "a", "b"], "time": times.cast(pl.Datetime("us", "UTC"))})
    assert incidents(alarms) == 3
    assert incidents(alarms.head(0)) == 0


def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "nsl_kdd", lambda _, part: made(seed=len(part)))
    monkeypatch.setattr(evaluate, "unsw_nb15", lambda _: made(seed=5))
    monkeypatch.setattr(evaluate, "cic_ids2017", lambda _: made(seed=6))
    monkeypatch.setattr(evaluate, "SETS", {name: lambda _, n=n: made(seed=n) for n, name in enumerate(KINDS[:3])})


@pytest.mark.parametrize("name", evaluate.PROTOCOLS)
def test_protocols_tell_every_configuration(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake(monkeypatch)
    results = evaluate.PROTOCOLS[name](Path(), 0, MAKERS)
    assert {r["configuration"] for r in results} == {"density", "nearest", "unlike normal"}
    assert repr(results) == repr(evaluate.PROTOCOLS[name](Path(), 0, MAKERS)), "the same seed gives the same"
    if name == "unsw_nb15":
        assert {r["left_out"] for r in results} == set(KINDS)
        assert all(isinstance(r["false_positives"], float) and r["false_positives"] < 0.1 for r in results)
    if name == "nsl_kdd":
        assert all(isinstance(r["accuracy"], float) and r["accuracy"] > 0.8 for r in results)
