from __future__ import annotations

from random import Random

from vedette.learning.datasets.command_items import PARTS, made_by


def test_a_line_stands_once_and_a_grammar_is_a_group() -> None:
    made = made_by({"a": lambda rng: f"ls {rng.randint(1, 9)}", "b": lambda _: "ls 1"}, 200, 1, "benign")
    assert made["process.cmd_line"].n_unique() == made.height == 9
    assert made["@group"].unique().to_list() == ["a"]
    assert made["@corpus"].unique().to_list() == ["made_a"]
    assert made["metadata.sequence"].to_list() == list(range(9))
    assert made["@part"].n_unique() == PARTS


def test_the_same_seed_makes_the_same_lines() -> None:
    grammar = {"a": lambda rng: str(rng.random())}
    assert made_by(grammar, 5, 1, "x").equals(made_by(grammar, 5, 1, "x"))
    assert not made_by(grammar, 5, 1, "x").equals(made_by(grammar, 5, 2, "x"))
    assert Random("1 a").random() == float(made_by(grammar, 1, 1, "x")["process.cmd_line"][0])
