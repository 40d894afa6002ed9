from __future__ import annotations

import random

import numpy as np
import pytest

from vedette.learning.masquerade.evaluate import PROTOCOLS, blocks, equal_error, evaluate, summed_up
from vedette.learning.masquerade.habits import SCORERS, Commands, Scorer, UpdatingBayes


def users(n: int = 600) -> dict[str, list[str]]:
    """Return three users with programs of their own and some that all use."""
    rng = random.Random(4)
    return {
        name: [rng.choice((name + "1", name + "2", "ls", "cd")) for _ in range(n)] for name in ("anna", "ben", "carla")
    }


def test_users_with_programs_of_their_own_are_told_apart() -> None:
    lines = evaluate(users(), 20)
    assert {(r["user"], r["intruder"]) for r in lines} == {(a, b) for a in users() for b in users() if a != b}
    assert {r["configuration"] for r in lines} == {cls.name for cls in SCORERS}
    assert all(float(r["auc"]) > 0.999 and float(r["equal error rate"]) < 0.01 for r in lines)


def test_users_who_do_the_same_are_not() -> None:
    rng = random.Random(2)
    alike = {name: [rng.choice("abcd") for _ in range(2000)] for name in ("x", "y", "z")}
    assert all(0.35 < float(r["auc"]) < 0.65 for r in evaluate(alike, 20))


def test_the_intruder_is_nobody_whom_the_scorer_learned() -> None:
    learned: list[set[str]] = []

    class Spy(UpdatingBayes):
        name = "spy"

        def fit(self, own: Commands, others: list[Commands]) -> None:  # type: ignore[override]
            learned.append({c for commands in others for c in commands})
            super().fit(own, others)

    of: list[type[Scorer]] = [Spy]
    for line in evaluate(users(), 20, of):
        assert line["configuration"] == "spy"
    assert learned
    assert all(len({c[:-1] for c in seen} & {"anna", "ben", "carla"}) == 1 for seen in learned)


def test_blocks_are_whole() -> None:
    assert blocks(list("abcdefg"), 3) == [list("abc"), list("def")]


def test_equal_error_lies_where_both_rates_meet() -> None:
    assert equal_error(np.array([0.0, 0.1, 0.4, 1.0]), np.array([0.5, 0.9, 0.95, 1.0])) == pytest.approx(0.1)


def test_a_summary_has_means_and_the_worst_of_each_user_and_of_all() -> None:
    lines = [
        {"user": u, "intruder": i, "configuration": "x", "auc": a, "equal error rate": 0.1}
        for u, i, a in (("a", "b", 0.8), ("a", "c", 1.0), ("b", "a", 0.6))
    ]
    told = {r["left_out"]: (r["auc"], r["worst auc"]) for r in summed_up(lines)}  # type: ignore[arg-type]
    assert told == {"a": (0.9, 0.8), "b": (0.6, 0.6), "all": (pytest.approx(0.8), 0.6)}


def test_there_are_protocols_of_three_sizes_and_the_one_of_the_choice() -> None:
    assert list(PROTOCOLS) == ["purdue-10", "purdue-50", "purdue-100", "chosen"]
