from __future__ import annotations

import random

import polars as pl

from vedette.features.log_merge import VARIANTS, merged

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")


def told(*texts: str) -> set[str]:
    return set(merged(pl.Series(texts)).to_list())


def test_a_word_that_varies_is_joined_from_so_many_variants_on() -> None:
    some = [f"the service {n} was stopped now" for n in NAMES]
    assert len(told(*some[: VARIANTS - 1])) == VARIANTS - 1
    assert told(*some[:VARIANTS]) == {"the service <*> was stopped now"}


def test_a_number_at_the_place_makes_every_word_there_one_that_varies() -> None:
    assert told("the job of <*> was stopped now", "the job of nobody was stopped now") == {
        "the job of <*> was stopped now"
    }


def test_short_messages_stay_apart() -> None:
    assert len(told(*(f"state {n}" for n in NAMES))) == len(NAMES)


def test_places_are_joined_one_after_the_other() -> None:
    found = told(*(f"the {a} service of host {b} was stopped" for a in NAMES for b in NAMES))
    assert found == {"the <*> service of host <*> was stopped"}


def test_order_and_frequency_do_not_matter() -> None:
    texts = [f"the {a} service of host {b} was stopped" for a in NAMES for b in NAMES[:4]] + ["something else", ""]
    known = dict(zip(texts, merged(pl.Series(texts)), strict=True))
    for seed in range(5):
        mixed = random.Random(seed).choices(texts, k=100) + texts
        random.Random(seed).shuffle(mixed)
        assert [known[t] for t in mixed] == merged(pl.Series(mixed)).to_list()


def test_null_and_endless_texts_pass() -> None:
    found = merged(pl.Series([None, "", "x " * 500, "y"])).to_list()
    assert found[0] is None
    assert found[1] == ""
    assert found[3] == "y"
