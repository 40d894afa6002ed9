from __future__ import annotations

import re

import pytest

from vedette.features.web_fact import END, SIGNS, WITHIN


@pytest.mark.parametrize("text", ["it's", "a;b", "a/../b", "http://a", "a--b", "x\x01"])
def test_signs(text: str) -> None:
    assert re.search(SIGNS, text)


@pytest.mark.parametrize("text", ["a-b", "/a/b.html", "a.b", "100%", "a=b,c"])
def test_what_is_no_sign(text: str) -> None:
    assert not re.search(SIGNS, text)


def test_a_part_ends_where_the_next_begins() -> None:
    assert re.search(f"a{END}", "a\x1eb")
    assert re.search(f"a{END}", "a")
    assert not re.search(f"a{WITHIN}", "a\x1eb")
