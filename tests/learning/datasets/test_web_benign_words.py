from __future__ import annotations

from random import Random

from vedette.learning.datasets.web_benign_words import FOREIGN, sentence


def test_sentences_hold_words_that_are_also_commands() -> None:
    rng = Random(1)
    words = {w for _ in range(300) for w in sentence(rng).lower().split()}
    assert {"select", "drops", "union", "table", "or", "from"} <= words


def test_other_languages_are_told_apart_from_attacks_by_more_than_their_letters() -> None:
    assert sum("'" in text for text in FOREIGN) >= 8
    assert sum(not text.isascii() for text in FOREIGN) >= 20
