from __future__ import annotations

from random import Random

import pytest

from vedette.learning.datasets.command_grammars import ATTACKS, BENIGN


@pytest.mark.parametrize("name", [*ATTACKS, *BENIGN])
def test_a_grammar_makes_many_lines_and_the_same_ones_again(name: str) -> None:
    grammar = (ATTACKS | BENIGN)[name]
    first = [grammar(Random(i)) for i in range(200)]
    assert first == [grammar(Random(i)) for i in range(200)]
    assert len(set(first)) > 60
    assert all(line.strip() for line in first)
    assert not any("<<" in line and ">>" in line and "|" in line for line in first)


def test_no_manner_is_of_both_kinds() -> None:
    assert not set(ATTACKS) & set(BENIGN)
