from __future__ import annotations

import re
from random import Random

import pytest

from vedette.trust.evasions.domain_generators import (
    TRAINED,
    WORDS,
    Generator,
    chain,
    compounds,
    english_chain,
    fixed_end,
    letters,
    slips,
    syllables,
    symbols,
)

KINDS = (letters, symbols, syllables, chain, fixed_end, english_chain, compounds, slips)


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_labels_and_come_from_the_seed(kind: object) -> None:
    def names(seed: int) -> list[str]:
        made: Generator = kind(Random(seed))  # type: ignore[operator]
        return [made() for _ in range(50)]

    assert names(1) == names(1)
    assert names(1) != names(2)
    for seed in range(20):
        assert all(re.fullmatch(r"[a-z0-9-]{4,63}", n) for n in names(seed)), names(seed)


def test_fixed_end() -> None:
    made = fixed_end(Random(1))
    assert made()[-7:] == made()[-7:]


def test_some_kinds_are_kept_for_tests() -> None:
    assert not {english_chain, compounds, slips} & set(TRAINED.values())
    assert len(set(WORDS)) == len(WORDS) > 250
