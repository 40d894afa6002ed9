from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.learning.sequences.made import RING, made

from vedette.learning.measures import auc
from vedette.learning.sequences import evaluate
from vedette.learning.sequences.evaluate import COMBINED, PLAIN, of_adfa, of_hdfs, scored, weighted_auc
from vedette.learning.sequences.traces import Traces


@pytest.fixture(autouse=True)
def faked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "adfa_ld", lambda _: made())
    monkeypatch.setattr(evaluate, "hdfs", lambda _: made())


def test_every_configuration_is_scored_and_few_normal_sequences_pass() -> None:
    traces = made()
    asked = traces.take(traces.part != "train")
    found = scored(traces.take(traces.part == "train"), asked, RING + 2, seed=0)
    assert set(found) == {*PLAIN, *COMBINED}
    scores, limit = found["all"]
    assert (scores[~asked.attack] > limit).mean() < 0.1
    assert auc(scores, asked.attack) > 0.95


def test_a_family_is_asked_about_with_what_was_chosen_without_it() -> None:
    results = of_adfa(Path(), 0)
    assert {r["family"] for r in results} == {"jump", "foreign", "all at once"}
    chosen = [r for r in results if r["configuration"] == "chosen without it"]
    assert [r["family"] for r in chosen] == ["foreign", "jump"]
    assert all(0 <= float(r["auc"]) <= 1 for r in results)


def test_flags_are_counted() -> None:
    results = {r["configuration"]: r for r in of_hdfs(Path(), 0)}
    assert float(results["all"]["recall"]) > 0.8
    assert int(results["all"]["normal"]) == pytest.approx(120, abs=25)


def test_weights_are_copies() -> None:
    rng = np.random.default_rng(0)
    scores, attack, copies = rng.random(200).round(1), rng.random(200) < 0.3, rng.integers(1, 5, 200)
    again = np.repeat(np.arange(200), copies)
    assert weighted_auc(scores, attack, copies) == pytest.approx(auc(scores[again], attack[again]))


def test_the_test_is_not_trained_on() -> None:
    traces = made()
    train = traces.take(traces.part == "train")
    one = Traces.of([[RING + 1] * 30], ["x"], ["attack"])
    (alone, _), (among, _) = (
        scored(train, asked, RING + 2, 0)["all"]
        for asked in (one, Traces.of([[RING + 1] * 30, [0, 1, 2, 3] * 8], ["x", "normal"], ["attack", "val"]))
    )
    assert alone[0] == among[0]
