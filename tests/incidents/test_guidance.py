"""The words fit where they are put: a heading of ten words, sentences that end, and every shipped detector has its own."""

from __future__ import annotations

import re

import pytest

from vedette.abc import Detector
from vedette.incidents.guidance import FORECAST, GUIDANCE, Guidance
from vedette.intel.attack import TACTICS, stage
from vedette.plugins import discover

LONGEST_NAME = "many addresses"
NO_WORDS_OF_THEIR_OWN = {"T1562.001", "T1562.012", "T1008"}
"""Techniques of shipped detectors for which the tactic's words are right."""


def test_what_a_shipped_detector_says_is_never_without_words() -> None:
    shipped = {uid for name, d in discover(Detector).items() if name not in GUIDANCE for uid in d.techniques}
    assert shipped
    assert {uid for uid in shipped if not GUIDANCE.keys() & {uid, uid.partition(".")[0]}} <= NO_WORDS_OF_THEIR_OWN
    assert {stage(uid) for uid in NO_WORDS_OF_THEIR_OWN} <= GUIDANCE.keys() - {""}


@pytest.mark.parametrize("words", GUIDANCE.values(), ids=[key or "other" for key in GUIDANCE])
class TestWords:
    def test_one_deed_makes_a_heading(self, words: Guidance) -> None:
        assert len(f"{LONGEST_NAME} {words.did.format(v=LONGEST_NAME)}".split()) <= 10
        assert words.did[0].islower()
        assert not words.did.endswith(".")

    def test_the_second_half_names_nobody(self, words: Guidance) -> None:
        assert re.fullmatch(r"[a-z][a-z ]+", words.then)

    def test_checks_and_outcomes_are_sentences_of_their_own(self, words: Guidance) -> None:
        for text in (*words.check, *([words.outcome] if words.outcome else [])):
            told = text.format(a="203.0.113.7", v="10.0.0.5")
            assert re.fullmatch(r"[A-Z].*[.?]", told)
            assert "  " not in told
            assert len(told) <= 160
        assert len(set(words.check)) == len(words.check)


def test_a_sub_technique_stands_there_only_where_it_says_something_else() -> None:
    for uid, words in GUIDANCE.items():
        parent, dot, _ = uid.partition(".")
        assert not dot or words != GUIDANCE.get(parent)


def test_what_comes_next_is_told_by_tactics_that_exist() -> None:
    for tactic, text in FORECAST.items():
        named = [name for inside in re.findall(r"\(([^)]*)\)", text) for name in inside.split(", ")]
        assert set(named) <= set(TACTICS.values()) - {TACTICS.get(tactic)}
        assert named or tactic == "impact"  # nothing comes after it
        assert re.fullmatch(r"[a-z].*\.", text)
