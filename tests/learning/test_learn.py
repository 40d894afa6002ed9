from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from vedette.errors import DataError
from vedette.learning import learn as learning
from vedette.learning.fit import Design
from vedette.learning.gather import Lot, Shelf, gather
from vedette.learning.learn import fingerprint, known_shares, learn, seen
from vedette.learning.recipe import Recipe, Selection, Stable
from vedette.testing.learned import Toy, rows_of


def lot_of(recipe: Recipe) -> Lot:
    return gather(recipe, recipe.data, Shelf(Toy, recipe.malicious), recipe.evasions)


def learnt(recipe: Recipe, work: Path | None = None) -> tuple[learning.Learnt, Lot]:
    lot = lot_of(recipe)
    return learn(recipe, lot, Design.of(lot.items.blocks), work=work), lot


def test_every_original_is_left_out_once(toy_recipe: Recipe) -> None:
    got, lot = learnt(msgspec.structs.replace(toy_recipe, evasions=("split",)))
    assert np.isnan(got.margins).tolist() == lot.copy.tolist()
    trained = got.form.margin(lot.items.blocks)
    assert np.abs(got.margins - trained)[~lot.copy].min() > 0
    assert got.calibration.count == (~lot.items.malicious).sum()
    assert (got.shares[~lot.copy] < got.calibration.known_share).mean() <= 0.01
    assert got.calibration.alpha == toy_recipe.false_positive_rate


def test_the_same_items_teach_the_same(toy_recipe: Recipe) -> None:
    one, other = learnt(toy_recipe)[0], learnt(toy_recipe)[0]
    assert one.form.dump() == other.form.dump()
    assert one.calibration.dump() == other.calibration.dump()


def test_folds_may_be_corpora(toy_recipe: Recipe) -> None:
    told: list[str] = []
    lot = lot_of(toy_recipe)
    by_corpus = msgspec.structs.replace(toy_recipe, calibration_by="@corpus")
    learn(by_corpus, lot, Design.of(lot.items.blocks), progress=lambda words, *_: told.append(words))
    assert sorted(told[1:]) == ["left out north", "left out south", "left out west"]


def test_what_was_interrupted_goes_on_with_finished_folds(
    toy_recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = learnt(toy_recipe, tmp_path / "work")
    kept = sorted(p.name for p in (tmp_path / "work").iterdir())
    assert kept == ["fold-0.npz", "fold-1.npz", "fold-2.npz"]
    calls: list[int] = []
    real = learning._fitted

    def counted(*arguments: Any) -> Any:  # noqa: ANN401 - as the real one
        calls.append(1)
        return real(*arguments)

    monkeypatch.setattr(learning, "_fitted", counted)
    again, _ = learnt(toy_recipe, tmp_path / "work")
    assert len(calls) == 1
    np.testing.assert_array_equal(again.margins, whole.margins)
    np.testing.assert_array_equal(again.shares, whole.shares)


def test_selection_drops_pieces_from_every_fold(toy_recipe: Recipe) -> None:
    got, lot = learnt(msgspec.structs.replace(toy_recipe, select=Stable(1.0, least=30)))
    assert got.choice is not None
    assert 0 < got.choice.kept.sum() < len(got.choice.kept)
    used = np.flatnonzero(got.form.weights["pieces"])
    assert len(used) <= got.choice.kept.sum()
    assert got.form.margin(lot.items.blocks)[lot.items.malicious].mean() > 1


@pytest.mark.parametrize("label", ["good", "bad"])
def test_one_label_teaches_nothing(label: str, toy_recipe: Recipe) -> None:
    one = msgspec.structs.replace(toy_recipe, data=(Selection("made_words", {"@label": (label,)}),))
    with pytest.raises(DataError, match="to train on are"):
        learnt(one)


def test_known_pieces_and_their_share() -> None:
    blocks = Toy.encode(rows_of(["abcd", "abxx", ""]))
    known = seen(blocks, "pieces", np.array([True, False, False]))
    share = known_shares(blocks, "pieces", known)
    assert share[0] == 1.0
    assert 0 < share[1] < 1
    assert known_shares(blocks, "", known).tolist() == [1.0, 1.0, 1.0]
    assert not len(seen(blocks, ""))


def test_a_fingerprint_is_of_recipe_and_items(toy_recipe: Recipe) -> None:
    lot = lot_of(toy_recipe)
    one = fingerprint(toy_recipe, lot)
    assert one == fingerprint(msgspec.structs.replace(toy_recipe, answers={"duplicates": "why"}), lot)
    assert one != fingerprint(msgspec.structs.replace(toy_recipe, seed=8), lot)
    assert one != fingerprint(toy_recipe, lot.take(np.arange(len(lot) - 1)))


def test_one_corpus_alone_is_left_out_by_groups(toy_recipe: Recipe) -> None:
    lot = lot_of(toy_recipe)
    recipe = msgspec.structs.replace(toy_recipe, calibration_by="@corpus")
    corpus = lot.items.known["@corpus"]
    one = lot.take(np.flatnonzero((corpus == corpus[0]).to_numpy()))
    names, parts = learning.left_out(recipe, one)
    assert len(names) == recipe.folds
    assert len(set(parts.tolist())) > 1
