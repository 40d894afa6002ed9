from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.domain_syllables import DomainSyllables

EVENTS = pl.DataFrame({"query.hostname": ["xkqjzwpt.com", "qzvwk.net"] * 40})


def test_other_names_under_the_same_suffixes() -> None:
    made = DomainSyllables().rewrite(EVENTS, Random(1))
    assert made.equals(DomainSyllables().rewrite(EVENTS, Random(1)))
    assert made.columns == EVENTS.columns
    before, after = (f["query.hostname"].str.split(".") for f in (EVENTS, made))
    assert after.list.last().to_list() == before.list.last().to_list()
    assert after.list.first().n_unique() > 60
