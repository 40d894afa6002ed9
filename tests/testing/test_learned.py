from __future__ import annotations

import math

from vedette.abc import BENIGN, MALICIOUS
from vedette.testing.laws.detector import SECTIONS
from vedette.testing.learned import Toy, rows_of, toy_model, words


def test_the_toy_finds_malice_and_explains_itself() -> None:
    toy = Toy(toy_model())
    bad, good = rows_of(words(50, malicious=True, seed=9)), rows_of(words(50, malicious=False, seed=9))
    assert toy.judge(bad)["verdict"].to_list().count(MALICIOUS) > 45
    assert toy.judge(good)["verdict"].to_list().count(BENIGN) > 45
    for score, reasons in zip(toy.score(bad), toy.reasons(bad), strict=True):
        assert math.isclose(score, sum(r.weight for r in reasons), abs_tol=1e-9)
    assert all(s in (Toy.__doc__ or "") for s in SECTIONS)


def test_what_is_too_long_is_not_judged() -> None:
    assert Toy(toy_model()).judge(rows_of(["malice" * 100]))["unsuited"].to_list() == ["too long"]
