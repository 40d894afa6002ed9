from __future__ import annotations

from random import Random

import pytest

from vedette.learning.datasets.web_attack_grammars import ATTACKS

KINDS = {"sqli", "xss", "traversal", "cmdi", "ssti", "lookup", "xxe", "probe", "webshell", "crlf"}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_grammar_is_rich_and_repeatable(name: str) -> None:
    made = [ATTACKS[name](rng) for rng in [Random(1)] for _ in range(300)]
    assert made == [ATTACKS[name](rng) for rng in [Random(1)] for _ in range(300)]
    assert len({(m.path, m.query, m.agent) for m in made}) > 150
    assert {m.kind for m in made} <= KINDS
    assert all(m.path.startswith("/") for m in made)


def test_every_kind_is_written_in_more_than_one_manner() -> None:
    rng = Random(2)
    manners = {kind: {n for n, g in ATTACKS.items() if any(g(rng).kind == kind for _ in range(200))} for kind in KINDS}
    assert all(len(names) > 1 for names in manners.values()), manners
