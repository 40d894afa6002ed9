from __future__ import annotations

import math

import numpy as np
import polars as pl

from vedette.features.domain_evidence import evidence
from vedette.features.domain_told import told
from vedette.scoring.additive import Additive

NAMES = pl.Series(["goodnews", "xkqjzwpt", "a1b2", "tiger-trip77", "x", ""])


def random_form() -> Additive:
    rng = np.random.default_rng(1)
    blocks = evidence(NAMES).blocks
    return Additive(-0.7, {b.name: rng.normal(size=b.slots).astype(np.float32) for b in blocks})


def test_what_is_told_adds_up_to_the_margin() -> None:
    form = random_form()
    margins = form.margin(evidence(NAMES).blocks)
    for parts, margin in zip(told(form, NAMES), margins, strict=True):
        assert math.isclose(form.bias + math.fsum(p.nats for p in parts), margin, abs_tol=1e-6)


def test_the_words_say_what_was_seen() -> None:
    good, odd, mixed, *_ = (" | ".join(p.text for p in parts) for parts in told(random_form(), NAMES))
    assert "known words cover 100% of it" in good
    assert "no known word of four letters in it" in odd
    assert "0% vowels, at most 8 consonants in a row" in odd
    assert "50% digits, 3 changes" in mixed
    assert "has '" in odd or "begins with '" in odd or "ends in '" in odd
