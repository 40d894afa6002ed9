from __future__ import annotations

import random

import pytest

from vedette.learning.masquerade.habits import SCORERS, Bayes, Habits, Scorer, Unseen, UnseenPairs, UpdatingBayes

WRITER, CODER, ADMIN = ("vi", "latex", "xdvi"), ("vi", "make", "gdb"), ("su", "ps", "kill")


def habit(words: tuple[str, ...], n: int, seed: int = 0) -> list[str]:
    """Return commands that go round in order, with one of ten at random."""
    rng = random.Random(seed)
    return [rng.choice(words) if rng.random() < 0.1 else words[i % len(words)] for i in range(n)]


@pytest.mark.parametrize("cls", SCORERS)
def test_a_stranger_is_stranger_than_oneself(cls: type[Scorer]) -> None:
    scorer = cls()
    scorer.fit(habit(WRITER, 400), [habit(ADMIN, 400)])
    assert scorer.score(habit(CODER, 50, 1)) > scorer.score(habit(WRITER, 50, 1))


def test_pairs_tell_apart_who_uses_the_same_commands_in_another_order() -> None:
    backward = tuple(reversed(WRITER))
    plain, pairs = Unseen(), UnseenPairs()
    for scorer in (plain, pairs):
        scorer.fit(list(WRITER) * 20, [list(ADMIN) * 20])
    block = list(backward) * 5
    assert plain.score(block) == 0.0
    assert pairs.score(block) == 1.0
    habits, words = Habits(), UpdatingBayes()
    for each in (habits, words):
        each.fit(list(WRITER) * 20, [list(backward) * 20])
    assert habits.score(block) - habits.score(list(WRITER) * 5) > words.score(block) - words.score(list(WRITER) * 5)


def test_what_is_learned_later_is_the_users_own() -> None:
    scorer, fixed = Habits(), Bayes()
    for each in (scorer, fixed):
        each.fit(habit(WRITER, 300), [habit(ADMIN, 300)])
    block = habit(CODER, 60)
    before, held = scorer.score(block), fixed.score(block)
    for _ in range(5):
        scorer.learn(block)
        fixed.learn(block)
    assert scorer.score(block) < before
    assert fixed.score(block) == held


def test_bayes_is_the_mean_log_ratio() -> None:
    scorer = Bayes()
    scorer.fit(["a", "a", "b"], [["b", "b", "c"]])
    assert scorer.score(["b"]) == pytest.approx(0.6878, abs=1e-3)  # log((2 + .01) / (1 + .01)), the sums are alike


def test_a_block_of_one_command_has_no_pairs() -> None:
    for cls in SCORERS:
        scorer = cls()
        scorer.fit(["a", "b"], [["c"]])
        assert scorer.score(["a"]) <= scorer.score(["z"])
