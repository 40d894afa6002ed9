from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import polars as pl
import pytest

from vedette.errors import DataError
from vedette.learning import gather as gathering
from vedette.learning.data import dataset
from vedette.learning.gather import Shelf, gather
from vedette.learning.recipe import Recipe, Selection
from vedette.learning.split import folds
from vedette.testing.learned import Toy

SET = Selection("made_words")


def shelf() -> Shelf:
    return Shelf(Toy, ("bad",))


def test_selections_are_gathered_in_their_order(toy_recipe: Recipe) -> None:
    good = Selection("made_words", {"@label": ("good",), "@corpus": ("south",)}, balance=2.0)
    bad = Selection("made_words", {"@label": ("bad",)}, most=20)
    lot = gather(toy_recipe, [good, bad], shelf())
    assert lot.items.malicious.tolist() == sorted(lot.items.malicious.tolist())
    assert set(lot.items.known.filter(~pl.Series(lot.items.malicious))["@corpus"]) == {"south"}
    assert lot.items.malicious.sum() <= 20
    assert set(lot.factor[~lot.items.malicious]) == {2.0}
    assert lot.source.tolist() == lot.items.malicious.astype(int).tolist()


def test_rewritten_copies_train_beside_their_originals(toy_recipe: Recipe) -> None:
    lot = gather(toy_recipe, [SET], shelf(), ["split"])
    assert lot.copy.sum() == (lot.items.malicious & ~lot.copy).sum()
    assert lot.items.malicious[lot.copy].all()
    copies = lot.items.rows.filter(pl.Series(lot.copy))["text"]
    assert copies.str.contains("m-|a-|-").any()
    assert (
        lot.items.known.filter(pl.Series(lot.copy))["@group"]
        .is_in(lot.items.known.filter(pl.Series(~lot.copy))["@group"].implode())
        .all()
    )


def test_every_corpus_and_label_weighs_the_same(toy_recipe: Recipe) -> None:
    lot = gather(toy_recipe, [SET, Selection("made_words", {"@corpus": ("south",)}, most=50)], shelf())
    weights = lot.weights("corpus")
    assert weights.mean() == pytest.approx(1.0)
    sums = lot.items.known.with_columns(w=weights).group_by("@corpus", "@label").agg(pl.col("w").sum())["w"]
    assert sums.to_numpy() == pytest.approx(np.full(6, sums.mean()))
    assert set(lot.weights("item")) == {1.0}


def test_light_copies_leave_the_originals_their_weight(toy_recipe: Recipe) -> None:
    light = gather(msgspec.structs.replace(toy_recipe, copies_weigh=0.1), [SET], shelf(), ["split"])
    weights, bad = light.weights("corpus"), light.items.malicious
    assert weights[bad & ~light.copy].sum() == pytest.approx(10 * weights[light.copy].sum())
    assert weights[bad].sum() == pytest.approx(weights[~bad].sum())


def test_another_seed_draws_other_groups(toy_recipe: Recipe) -> None:
    few = Selection("made_words", most=30)

    def drawn(seed: int) -> list[str]:
        return gather(msgspec.structs.replace(toy_recipe, seed=seed), [few], shelf()).items.rows["text"].to_list()

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize(
    ("where", "told"), [({"@label": ("ugly",)}, "no item of made_words"), ({"@colour": ("a",)}, "no column @colour")]
)
def test_an_empty_selection_is_an_error(where: dict[str, tuple[str, ...]], told: str, toy_recipe: Recipe) -> None:
    with pytest.raises(DataError, match=told):
        gather(toy_recipe, [Selection("made_words", dict(where))], shelf())


def test_parts_of_a_lot_keep_together(toy_recipe: Recipe, made: Callable[..., pl.DataFrame]) -> None:
    lot = gather(toy_recipe, [SET], shelf(), ["split"])
    which = np.arange(0, len(lot), 3)
    part = lot.take(which)
    assert len(part) == len(which)
    assert part.items.rows["text"].to_list() == lot.items.rows["text"].gather(which).to_list()
    assert part.copy.tolist() == lot.copy[which].tolist()


def test_what_a_copy_borrows_is_left_out_with_it(toy_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    lent: list[tuple[set[str], set[str], set[str]]] = []

    class Lender:
        borrows = True
        kind = dataset("made_words").kind

        def __init__(self, ordinary: pl.DataFrame) -> None:
            self.ordinary = ordinary

        def rewrite(self, events: pl.DataFrame, _rng: object) -> pl.DataFrame:
            lent.append((set(events["@group"]), set(self.ordinary["@group"]), set(self.ordinary["@label"])))
            return events

    monkeypatch.setattr(gathering, "discover", lambda _kind: {"lender": Lender})
    recipe = msgspec.structs.replace(toy_recipe, copies_weigh=0.25)
    lot = gather(recipe, [SET], shelf(), ["lender"])
    assert lot.copy.sum() == (lot.items.malicious & ~lot.copy).sum()
    assert set(lot.share[lot.copy]) == {0.25}
    assert len(lent) == recipe.folds
    for bad, good, labels in lent:
        assert labels == {"good"}
        assert len(set(folds(pl.Series([*bad, *good]), recipe.folds, recipe.seed).tolist())) == 1
