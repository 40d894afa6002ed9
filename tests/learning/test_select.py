from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.learning.fit import Design
from vedette.learning.recipe import Stable
from vedette.learning.select import Choice, chosen, subsamples
from vedette.scoring.additive import facts

N = 400
RNG = np.random.default_rng(3)
LABELS = RNG.random(N) < 0.5
CORPUS = np.arange(N) % 2
KNOWN = pl.DataFrame({"@group": [str(i // 4) for i in range(N)], "@corpus": [f"c{c}" for c in CORPUS]})


def design() -> Design:
    """Return pieces: one that tells the label, one that turns its meaning with the corpus, one in few items."""
    noise = RNG.random(N) < 0.1
    return Design.of(
        [
            facts(
                "pieces",
                {
                    "true": ((LABELS ^ noise) * 1.0).astype(np.float32),
                    "turns": (((CORPUS == 0) == LABELS) * 1.0).astype(np.float32),
                    "rare": (np.arange(N) == np.flatnonzero(LABELS)[0]).astype(np.float32),
                },
            ),
            facts("other", {"same": np.ones(N, np.float32)}),
        ]
    )


def choice(wanted: Stable, by_corpus_alone: bool = False) -> Choice:
    samples = (
        iter([np.flatnonzero(k == CORPUS) for k in (0, 1)]) if by_corpus_alone else subsamples(wanted, KNOWN, seed=1)
    )
    return chosen(wanted, design(), samples, LABELS, np.ones(N), {})


def test_a_piece_that_turns_its_meaning_is_dropped() -> None:
    got = choice(Stable(0.9), by_corpus_alone=True)
    assert got.kept[:2].tolist() == [True, False]
    assert got.agreement[1] == 0.5
    assert got.fits == 2


def test_a_piece_in_few_items_is_dropped() -> None:
    got = choice(Stable(0.1, least=2))
    assert got.items.tolist()[2] == 1
    assert got.kept[:3].tolist()[::2] == [True, False]


def test_blocks_that_are_not_named_are_kept_whole() -> None:
    got = choice(Stable(1.0, least=N + 1, blocks=("pieces",)))
    assert got.kept.tolist() == [False, False, False, True]
    assert [(name, first, len(slots)) for name, first, slots in got.blocks] == [("pieces", 0, 3), ("other", 3, 1)]


@pytest.mark.parametrize(("by", "fits"), [("@group", 6), ("@corpus", 2)])
def test_subsamples_are_halves_of_groups_or_all_but_one_value(by: str, fits: int) -> None:
    got = list(subsamples(Stable(by=by), KNOWN, seed=1))  # type: ignore[arg-type]
    assert len(got) == fits
    for one, other in zip(got[::2], got[1::2], strict=True):
        assert sorted([*one.tolist(), *other.tolist()]) == list(range(N))
        column = KNOWN[by]
        assert not set(column[one]) & set(column[other])


def test_a_sample_with_one_label_is_passed_over() -> None:
    got = chosen(Stable(), design(), [np.flatnonzero(LABELS)], LABELS, np.ones(N), {})
    assert got.fits == 0
    assert not got.kept.any()


def test_where_no_agreement_is_asked_for_nothing_is_fitted() -> None:
    got = choice(Stable(0.0, least=2))
    assert got.fits == 0
    assert got.kept.tolist() == [True, True, False, True]
