from __future__ import annotations

import polars as pl
import pytest

from vedette.features.pattern import ascii_only


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"\bcat\s+\d{2}\b", "a cat 12", True),
        (r"\bcat\s+\d{2}\b", "a cat 123", False),
        (r"[\w.]+@\w", "a.b@c", True),
        (r"a.{0,20}b", "a" + "x" * 30 + "b", True),  # counted beyond 14: not counted here
        (r"a.{0,20}b", "a\nb", False),  # a line ends it
        (r"ax{0,3}b", "axxxxb", False),
    ],
)
def test_a_pattern_means_the_same_of_plain_text(pattern: str, text: str, fits: bool) -> None:
    assert pl.Series([text]).str.contains(ascii_only(pattern)).to_list() == [fits]
