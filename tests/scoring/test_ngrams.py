from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.scoring.ngrams import Corpus, Pieces, corpus, joined, ngrams, spans, words

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=8)


def made(texts: list[str | None]) -> Corpus:
    return corpus(pl.Series("t", texts, dtype=pl.String))


def of(pieces: Pieces, text: int) -> list[int]:
    return [int(s) for s in pieces.slot[pieces.starts[text] : pieces.starts[text + 1]]]


@given(TEXTS)
def test_a_corpus_holds_every_text_between_its_marks(texts: list[str | None]) -> None:
    got = made(texts)
    assert len(got) == len(texts)
    for k, text in enumerate(texts):
        run = got.data[got.starts[k] : got.starts[k + 1]].tobytes()
        assert run == b"\x02" + (text or "").encode("utf-8", "surrogatepass") + b"\x03"


@given(TEXTS, st.integers(1, 5))
def test_a_piece_is_the_same_wherever_it_stands(texts: list[str | None], order: int) -> None:
    pieces = ngrams(made(texts), order, 20)
    assert len(pieces.starts) == len(texts) + 1
    for k, text in enumerate(texts):
        alone = ngrams(made([text]), order, 20)
        assert of(pieces, k) == of(alone, 0)
        run = b"\x02" + (text or "").encode("utf-8", "surrogatepass") + b"\x03"
        assert len(of(pieces, k)) == max(0, len(run) - order + 1)
    assert not len(pieces.slot) or pieces.slot.max() < 1 << 20


def test_hashes_stay_the_same_for_ever() -> None:
    assert of(ngrams(made(["abc"]), 3, 16), 0) == [64406, 18936, 663]


def test_edges_make_another_piece() -> None:
    whole, inside = made(["ab"]), made(["xabx"])
    assert of(ngrams(whole, 2, 24), 0)[1] in of(ngrams(inside, 2, 24), 0)
    assert of(ngrams(whole, 2, 24), 0)[0] not in of(ngrams(inside, 2, 24), 0)


def test_places_lead_back_to_the_text() -> None:
    texts = made(["abc", "", "xyz"])
    pieces = ngrams(texts, 2, 16)
    assert isinstance(pieces.length, int)
    found = [texts.data[b : b + pieces.length].tobytes() for b in pieces.begin]
    assert found == [b"\x02a", b"ab", b"bc", b"c\x03", b"\x02\x03", b"\x02x", b"xy", b"yz", b"z\x03"]


def test_words_are_runs_of_letters_and_digits_of_some_length() -> None:
    texts = made(["the cat, th3 DOG; caf\u00e9 a", None, "x" * 30])
    pieces = words(texts, 20)
    assert isinstance(pieces.length, np.ndarray)
    found = [texts.data[b : b + n].tobytes().decode() for b, n in zip(pieces.begin, pieces.length, strict=True)]
    assert found == ["the", "cat", "th3", "DOG", "caf\u00e9"]
    assert pieces.starts.tolist() == [0, 5, 5, 5]
    assert of(words(made(["cat"]), 20), 0) == [of(pieces, 0)[1]]


def test_salt_tells_families_apart() -> None:
    texts = made(["abc"])
    place = (np.array([1]), np.array([4]), np.array([0]))
    assert of(spans(texts, *place, 20, salt=1), 0) != of(spans(texts, *place, 20, salt=2), 0)


@given(TEXTS)
def test_families_are_joined_text_by_text(texts: list[str | None]) -> None:
    whole = made(texts)
    two, three = ngrams(whole, 2, 16), ngrams(whole, 3, 16)
    got = joined([two, three], len(texts))
    for k in range(len(texts)):
        assert of(got, k) == of(two, k) + of(three, k)
