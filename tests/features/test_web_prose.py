from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.web_facts import FACTS, facts_of, strengths
from vedette.features.web_prose import LEVELS, clear_strength

ATTACK = "<svg onload=alert(1)>"


def _clear(*texts: str, always: int = 0) -> list[float]:
    read = pl.Series(list(texts), dtype=pl.String)
    held = facts_of(read).to_numpy()
    found: list[float] = clear_strength(read, held, np.full(len(texts), always, np.uint64)).tolist()
    return found


def _whole(text: str) -> float:
    return float(strengths(facts_of(pl.Series([text])).to_numpy())[0])


def test_signs_that_stand_by_themselves_keep_their_strength() -> None:
    alone = f"\x1c/a\x1eq\x1f{ATTACK}"
    assert _clear(alone, "\x1c/", "") == [_whole(alone), 0.0, 0.0]
    assert _whole(alone) > LEVELS[-1][1]


def test_signs_in_a_sentence_lose_strength_by_its_words() -> None:
    few, many = f"\x1c/a\x1eq\x1fgood bread {ATTACK}", f"\x1c/a\x1eq\x1fwhy does {ATTACK} need bread"
    assert _clear(few) == [_whole(few) - LEVELS[0][1]]
    assert _clear(many) == [_whole(many) - LEVELS[1][1]]


def test_a_sentence_in_another_parameter_takes_nothing_away() -> None:
    text = f"\x1c/a\x1er\x1fdear friends of good bread\x1eq\x1f{ATTACK}"
    assert _clear(text) == [_whole(text)]


def test_what_breaks_out_at_once_is_no_sentence() -> None:
    broken, quoted = "\x1c/a\x1eq\x1f' or uid like 'a", "\x1c/a\x1eq\x1f'uid likes' <b> bread"
    assert _clear(broken) == [_whole(broken)]
    assert _clear(quoted) < [_whole(quoted)]


def test_of_several_values_the_plainest_counts() -> None:
    mixed = "\x1c/a\x1eq\x1f1;ls -la\x1er\x1fdear bread <svg onload=alert(1)>"
    loose, alone = _whole(mixed) - LEVELS[0][1], _whole("\x1c/a\x1eq\x1f1;ls -la\x1er")
    assert _clear(mixed) == [max(loose, alone)]


def test_facts_of_the_agent_are_never_made_weaker() -> None:
    place = next(i for i, fact in enumerate(FACTS) if fact.name == "scan_tool")
    weak = "\x1c/a\x1eq\x1fwhy does <b> need bread"
    assert 0 < _whole(weak) <= LEVELS[1][1]
    assert _clear(weak, always=1 << place) == [FACTS[place].strength]
    assert _clear(weak) == [0.0]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(alphabet="ab' <>;=\x1c\x1e\x1f\x1b()1-#é", max_size=50), max_size=5))
def test_any_texts_lie_between_nothing_and_all_and_do_not_depend_on_others(texts: list[str]) -> None:
    found = _clear(*texts)
    assert found == [_clear(t)[0] for t in texts]
    assert all(max(_whole(t) - LEVELS[-1][1], 0.0) <= f <= _whole(t) for t, f in zip(texts, found, strict=True))
