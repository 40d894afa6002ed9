"""Which items train and which are tested; ``test_evaluate.py`` runs whole protocols."""

from __future__ import annotations

import msgspec
import numpy as np

from vedette.learning.gather import silent
from vedette.learning.protocol import pooled
from vedette.learning.recipe import Protocol, Recipe, Selection


def cases(recipe: Recipe, protocol: Protocol) -> dict[str, tuple[set[str], set[str], int]]:
    """Return case -> corpora that train, corpora that are tested, copies among the tested."""
    pool = pooled(msgspec.structs.replace(recipe, protocols={"p": protocol}), "p", 1, None, silent)
    corpora = pool.lot.items.known["@corpus"]
    return {
        name: (set(corpora[train]), set(corpora[test]), int(pool.lot.copy[test].sum()))
        for name, train, test in pool.cases()
    }


def test_each_value_is_left_out_in_turn_and_copies_are_never_tested(toy_recipe: Recipe) -> None:
    evaded = msgspec.structs.replace(toy_recipe, evasions=("split",))
    everyone = {"north", "south", "west"}
    got = cases(evaded, Protocol(leave_out="@corpus"))
    assert got == {c: (everyone - {c}, {c}, 0) for c in everyone}


def test_train_and_test_are_as_named(toy_recipe: Recipe) -> None:
    south = Selection("made_words", {"@corpus": ("south",)})
    assert cases(toy_recipe, Protocol(train=(south,), test=(Selection("later_words"),))) == {
        "test": ({"south"}, {"east"}, 0)
    }
    assert cases(toy_recipe, Protocol(test=(Selection("later_words"),)))["test"][0] == {"north", "south", "west"}


def test_seeds_change_draws(toy_recipe: Recipe) -> None:
    few = Protocol(train=(Selection("made_words", most=20),), test=(Selection("later_words"),))
    drawn = msgspec.structs.replace(toy_recipe, protocols={"p": few})
    texts = [pooled(drawn, "p", seed, None, silent).lot.items.rows["text"].head(15).to_list() for seed in (0, 1)]
    assert texts[0] != texts[1]


def test_items_lead_back_to_their_events(toy_recipe: Recipe) -> None:
    protocol = Protocol(test=(Selection("later_words", {"@label": ("bad",)}),))
    pool = pooled(msgspec.structs.replace(toy_recipe, protocols={"p": protocol}), "p", 0, None, silent)
    for k in np.unique(pool.lot.source):
        which = np.flatnonzero(pool.lot.source == k)
        events = pool.shelf.events(pool.selections[k], pool.recipe.seed)
        texts = [v[0] for v in events["osint.value"][pool.lot.items.rows["metadata.sequence"].to_numpy()[which]]]
        assert texts == pool.lot.items.rows["text"].gather(which).to_list()
