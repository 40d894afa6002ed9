from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.sigma.tree import Compare, Network, Pattern, SameAs, Test, Text, TimePart, Wild
from vedette.intel.sigma.values import BACKTRACKING_SECONDS, asked, knows, text_check

PARTS = st.lists(st.sampled_from(["a", "B", "ab", ".", "\\", Wild.MANY, Wild.ONE]), max_size=6)


@pytest.mark.parametrize(
    ("test", "value", "passes"),
    [
        (Pattern("^a+$"), "aaa", True),
        (Pattern("^A$"), "a", False),
        (Pattern("^A$", "i"), "a", True),
        (Pattern("a.b"), "a\nb", False),
        (Pattern("a.b", "s"), "a\nb", True),
        (Pattern("^b", "m"), "a\nb", True),
        (Pattern("x(?=y)"), "axy", True),
        (Pattern("x(?!y)"), "axy", False),
        (Pattern(r"(.)\1"), "abb", True),
        (Network("10.0.0.0/8"), " 10.2.3.4", True),
        (Network("10.0.0.0/8"), "::ffff:10.2.3.4", True),
        (Network("2001:db8::/32"), "2001:db8::1", True),
        (Network("2001:db8::/32"), "10.0.0.1", False),
        (Compare(">", 5), "5.5", True),
        (Compare("<=", 16), "0x10", True),
        (Compare("<", 5), "much", False),
        (Compare("!=", 5), "6", True),
        (TimePart("hour", 3), "2026-01-05T03:04:05Z", True),
        (TimePart("minute", 4), "2026-01-05 03:04:05.5", True),
        (TimePart("week", 2), "2026-01-05", True),
        (TimePart("year", 2026), "yesterday", False),
    ],
)
def test_one_value(test: Test, value: str, passes: bool) -> None:
    assert asked(test, [value, value]) == [passes, passes]


def test_patterns_that_need_backtracking_keep_a_time_limit() -> None:
    slow = Pattern(r"^(?=(a+)+$)")
    assert not knows(slow)
    begun = time.monotonic()
    assert asked(slow, ["a" * 40 + "!"]) == [False]
    assert time.monotonic() - begun < 20 * BACKTRACKING_SECONDS


def test_patterns_that_nobody_knows() -> None:
    with pytest.raises(ValueError, match="not a regular expression"):
        knows(Pattern("(?=("))


def test_two_fields_are_no_test_of_one_value() -> None:
    with pytest.raises(TypeError):
        asked(SameAs("F"), ["x"])


@given(PARTS, st.text("aAbB.\\\n", max_size=12), st.booleans())
def test_a_text_with_wildcards_is_what_a_pattern_would_find(parts: list[str | Wild], value: str, cased: bool) -> None:
    written = "".join(".*" if p is Wild.MANY else "." if p is Wild.ONE else re.escape(str(p)) for p in parts)
    expected = re.fullmatch(written, value, re.DOTALL | (0 if cased else re.IGNORECASE)) is not None
    assert text_check(Text(tuple(parts), cased))(value) is expected
