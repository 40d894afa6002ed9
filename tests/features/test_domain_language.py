from __future__ import annotations

import numpy as np
import polars as pl

from vedette.features.domain_language import (
    CODE,
    EDGE,
    STEPS,
    SYMBOLS,
    Language,
    fours,
    language,
    letters,
    marks_of,
    runs,
    surprise_of,
)


def test_names_stand_between_edges() -> None:
    of = letters(pl.Series(["ab", "", None, "c-9"]))
    assert of.size.tolist() == [2, 0, 0, 3]
    assert of.starts.tolist() == [0, 4, 6, 8]
    assert of.code.tolist() == [EDGE, 0, 1, EDGE, EDGE, EDGE, EDGE, EDGE, EDGE, 2, 36, 35, EDGE]
    assert of.inside(4).tolist() == [0, 8, 9]
    assert len(letters(pl.Series([], dtype=pl.String))) == 0


def test_a_run_is_known_by_its_number_alone() -> None:
    of = letters(pl.Series(["abc", "xabc"]))
    number = runs(of, 3)
    assert number[1] == number[7] == (0 * SYMBOLS + 1) * SYMBOLS + 2


def test_a_letter_does_not_see_the_name_before() -> None:
    alone = fours(letters(pl.Series(["shop"])))
    after = fours(letters(pl.Series(["zzz", "shop"])))
    assert alone.tolist() == after[5:].tolist()


def test_what_was_counted_often_surprises_little() -> None:
    of = letters(pl.Series(["shop"] * 50 + ["ship", "chop"]))
    counts = np.bincount(fours(of)[of.place > 0], minlength=SYMBOLS**4).astype(np.float64)
    made = Language(surprise_of(counts), marks_of(["shop"]))
    said = made.surprises(letters(pl.Series(["shop", "qxzj"]))).astype(float) / STEPS
    assert said[1:6].sum() < 3 < said[7:11].min()


def test_finds_words_wherever_they_stand() -> None:
    made = Language(np.zeros(SYMBOLS**4, np.uint8), marks_of(["shop", "cat", "toolongforatable"]))
    found = made.reaches(letters(pl.Series(["myshopcat", "sho", "p"])), 3)
    assert found[4].tolist() == [3]
    assert found[3].tolist() == [7]


def test_the_tables_that_ship() -> None:
    held = language()
    assert held.surprise.shape == (SYMBOLS**4,)
    plain, odd = (held.surprises(letters(pl.Series([n]))).mean() / STEPS for n in ("goodnews", "xkqjzwpt"))
    assert plain < 3
    assert odd > 5
    assert held.reaches(letters(pl.Series(["goodnews"])), 4)[4].tolist()
    assert CODE[ord("_")] == SYMBOLS - 1
