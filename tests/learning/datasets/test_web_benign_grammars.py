from __future__ import annotations

from random import Random

import pytest

from vedette.learning.datasets.web_benign_grammars import BENIGN


@pytest.mark.parametrize("name", BENIGN)
def test_a_grammar_is_rich_and_repeatable(name: str) -> None:
    made = [BENIGN[name](rng) for rng in [Random(1)] for _ in range(300)]
    assert made == [BENIGN[name](rng) for rng in [Random(1)] for _ in range(300)]
    assert len({(m.path, m.query, m.agent) for m in made}) > 150
    assert {m.kind for m in made} == {"benign"}
    assert all(m.path.startswith("/") for m in made)
