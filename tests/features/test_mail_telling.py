from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.features.mail_pieces import texts, word_block
from vedette.features.mail_telling import NAMED, SHOWN, filled, joined, told_facts, told_words
from vedette.scoring.additive import facts


def test_the_heaviest_words_are_named_and_all_add_up() -> None:
    read = texts(pl.Series(["alpha beta", " ".join(f"word{n}" for n in range(NAMED + 5)), ""]))
    block = word_block("body", read, 12)
    nats = np.linspace(-1, 1.3, len(block.slot))
    told = told_words(block, nats, read, "text", "body_text")
    assert [len(t) for t in told] == [2, NAMED + 1, 0]
    assert told[1][-1].text == "all other words of the text"
    assert sum(c.nats for t in told for c in t) == pytest.approx(nats.sum())
    assert "as wanted mail does" in told[0][0].text


def test_what_weighs_little_beside_the_heaviest_is_not_named() -> None:
    read = texts(pl.Series(["alpha beta gamma"]))
    block = word_block("body", read, 12)
    nats = np.where(block.begin == block.begin.min(), 1.0, 0.1)  # type: ignore[union-attr]
    told = told_words(block, nats, read, "text", "body_text", "pieces")[0]
    assert [(c.text, round(c.nats, 9)) for c in told] == [
        ("the text holds “alpha”", 1.0),
        ("all other pieces of the text", 0.2),
    ]


def test_facts_are_told_with_the_names_of_the_row() -> None:
    rows = pl.DataFrame({"a": [1.0, 0.0], "brand": ["Acme", None]})
    block = facts("symbols", {"a": np.array([1, 0], np.float32)})
    told = told_facts(block, np.array([2.0]), {"a": "it plays {brand}"}, rows)
    assert [[(c.text, c.nats, c.attribute) for c in t] for t in told] == [[("it plays Acme", 2.0, "a")], []]


def test_names_are_bounded_and_may_lack() -> None:
    assert filled("{x} and {y}", {"x": "n" * 99}) == "n" * SHOWN + " and somebody"
    assert filled("{brand}", {"brand": None, "from_brand": "Acme"}) == "Acme"


def test_blocks_are_joined_item_by_item() -> None:
    assert joined([[[], []], [[], []]]) == [[], []]
