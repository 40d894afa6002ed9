from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from tests.learning.conftest import RECIPE

from vedette.errors import ContentError, DataError
from vedette.learning import evaluate as evaluating
from vedette.learning import gather, recipe
from vedette.learning.evaded import evaded
from vedette.learning.evaluate import Report, asked, evaluate
from vedette.learning.protocol import answered, pooled
from vedette.learning.recipe import Protocol, Recipe, Selection
from vedette.learning.train import train
from vedette.testing.learned import Toy, toy_model

PROTOCOLS = """
protocols:
  corpora: {leave_out: "@corpus", values: [north, south]}
  later: {test: [{set: later_words}], disjoint: "@group", by: "@label"}
  harder: {leave_out: "@corpus", values: [north], test: [{set: later_words, where: {"@label": [bad]}}]}
answers: {"later:duplicates": few syllables, "harder:duplicates": few syllables}
"""


@pytest.fixture
def toy(made_up: None, write: Callable[[str], Path]) -> Recipe:
    return recipe.read(write(RECIPE + PROTOCOLS))


def test_leave_one_corpus_out(toy: Recipe) -> None:
    report = evaluate(toy, "corpora", seeds=2)
    assert [(r.case, r.seed) for r in report.results] == [("north", 0), ("south", 0), ("north", 1), ("south", 1)]
    for result in report.results:
        assert set(result.by) == {result.case}
        assert (result.figures["auc"] or 0) > 0.9
        assert set(result.evasions) == {"split"}
        assert (result.evasions["split"]["recall_before"] or 0) > 0.9
        assert set(result.curves) == {"roc", "precision_recall", "reliability"}
        assert result.curves["roc"][-1] == (1.0, 1.0)
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def test_train_and_test_apart(toy: Recipe) -> None:
    report = evaluate(toy, "later", seeds=1)
    (only,) = report.results
    assert only.case == "test"
    assert set(only.by) == {"good", "bad"}
    assert only.by["good"]["auc"] is None
    assert only.by["bad"]["false_positives"] is None
    assert (only.by["bad"]["auc"] or 0) > 0.9
    assert report.answers == {"duplicates": "few syllables"}


def test_a_corpus_left_out_and_what_only_tests(toy: Recipe) -> None:
    pool = pooled(toy, "harder", 0, None, lambda *_: None)
    ((name, train_, test),) = pool.cases()
    corpora = pool.lot.items.known["@corpus"]
    assert name == "north"
    assert set(corpora[test]) == {"north", "east"}
    assert set(corpora[train_]) == {"south", "west"}


def test_disjoint_drops_what_was_trained_on(toy: Recipe) -> None:
    protocol = Protocol(test=(Selection("made_words"),), train=(Selection("made_words", {"@corpus": ("north",)}),))
    apart = {"all": protocol, "apart": msgspec.structs.replace(protocol, disjoint="@corpus")}
    both = msgspec.structs.replace(toy, protocols=apart)
    tests = {}
    for name in apart:
        pool = pooled(both, name, 0, None, lambda *_: None)
        ((_, _, test),) = pool.cases()
        tests[name] = set(pool.lot.items.known["@corpus"][test])
    assert tests == {"all": {"north", "south", "west"}, "apart": {"south", "west"}}


def test_a_split_that_leaks_stops(toy: Recipe) -> None:
    leaky = msgspec.structs.replace(
        toy, protocols={"same": Protocol(train=toy.data, test=(Selection("made_words"),))}, answers={}
    )
    with pytest.raises(DataError, match="same:duplicates: test: "):
        evaluate(leaky, "same", seeds=1)
    pool = pooled(leaky, "same", 0, None, lambda *_: None)
    with pytest.raises(DataError, match="same:groups"):
        answered(pool, list(pool.cases()), "same", lambda *_: None)


def test_what_cannot_be_tested_is_told(toy: Recipe) -> None:
    with pytest.raises(ContentError, match="no protocol 'never'"):
        evaluate(toy, "never")
    for protocol, told in (
        (Protocol(leave_out="@corpus", values=("mars",)), "no item has 'mars' as @corpus"),
        (Protocol(test=(Selection("made_words"),), disjoint="@corpus"), "no test item is left"),
    ):
        with pytest.raises(DataError, match=told):
            evaluate(msgspec.structs.replace(toy, protocols={"p": protocol}), "p")


def test_finished_cases_are_found_again(toy: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    real = evaluating._result

    def counted(pool: object, case: tuple[str, object, object], seed: int) -> object:
        calls.append(case[0])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(pool, case, seed)  # type: ignore[arg-type]

    monkeypatch.setattr(evaluating, "_result", counted)
    with pytest.raises(KeyboardInterrupt):
        evaluate(toy, "corpora", seeds=1, work=tmp_path / "work")
    report = evaluate(toy, "corpora", seeds=1, work=tmp_path / "work")
    assert calls == ["north", "south", "south"]
    assert [r.case for r in report.results] == ["north", "south"]
    assert not list((tmp_path / "work").iterdir())


def test_the_model_in_use_is_asked_as_it_is(toy: Recipe) -> None:
    (got,) = asked(Toy(toy_model()), ["later_words"], toy.malicious)
    assert got.case == "later_words"
    assert set(got.by) == {"east"}
    assert (got.figures["auc"] or 0) > 0.9


def test_an_evasion_is_measured_on_items_of_its_class(toy: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pooled(toy, "corpora", 0, None, lambda *_: None)
    detector = Toy(train(toy).model)
    tested = pool.lot.take(np.flatnonzero((pool.lot.items.known["@corpus"] == "north").to_numpy()))
    said = detector.judge(tested.items.rows)
    told = evaded(pool, detector, tested, said)["split"]
    assert told["items"] == tested.items.malicious.sum()
    monkeypatch.setattr(gather, "rewritten", lambda *_: pl.DataFrame())
    benign = tested.take(np.flatnonzero(~tested.items.malicious))
    assert evaded(pool, detector, benign, detector.judge(benign.items.rows)) == {}
