from __future__ import annotations

import numpy as np
import polars as pl

from vedette.features.mail_pieces import READ_CHARS, pair_block, texts, word_block


def _read(*told: str) -> pl.Series:
    return pl.Series(told, dtype=pl.String)


def test_a_word_counts_once_by_the_length_of_its_text() -> None:
    block = word_block("body", texts(_read("buy now buy", "", "now")), 16)
    assert np.diff(block.starts).tolist() == [2, 0, 1]
    assert np.allclose(block.values(), [2**-0.5, 2**-0.5, 1.0])
    assert set(block.slot[:2]) > set(block.slot[2:])


def test_entries_stand_where_the_word_is_first() -> None:
    read = texts(_read("buy now buy", "or later"))
    block = word_block("body", read, 16)
    assert block.begin is not None
    length = np.asarray(block.length)
    words = [bytes(read.data[b : b + n]).decode() for b, n in zip(block.begin, length, strict=True)]
    assert sorted(words[:2]) == ["buy", "now"]
    assert sorted(words[2:]) == ["later", "or"]


def test_pairs_do_not_cross_texts_and_keep_their_order() -> None:
    block = pair_block("pairs", texts(_read("buy now , buy", "now buy", "buy now", "one")), 19)
    parts = [set(block.slot[a:b].tolist()) for a, b in zip(block.starts[:-1], block.starts[1:], strict=True)]
    assert [len(p) for p in parts] == [2, 1, 1, 0]
    assert parts[0] == parts[1] | parts[2]
    assert parts[1] != parts[2]


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    told = ["some words here", "other words there", "x y z"]
    whole = word_block("body", texts(_read(*told)), 16)
    for i, text in enumerate(told):
        alone = word_block("body", texts(_read(text)), 16)
        assert alone.slot.tolist() == whole.slot[whole.starts[i] : whole.starts[i + 1]].tolist()


def test_what_is_read_is_bounded() -> None:
    assert len(word_block("body", texts(_read(" ".join(f"w{i}" for i in range(99_999)))), 18).slot) < READ_CHARS
