from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.zeek.escapes import unescape_column, unescape_lists, unescaped


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"a\x2cb", "a,b"),
        (r"\\x41", r"\x41"),
        (r"\xc3\xa9", "é"),
        (r"\xff", r"\xff"),
        (r"\x4", r"\x4"),
        ("", ""),
        ("é", "é"),
    ],
)
def test_escapes(text: str, wanted: str) -> None:
    assert unescaped(text) == wanted


@given(st.text())
def test_what_zeek_escapes_comes_back(text: str) -> None:
    escaped = "".join(
        c if c.isascii() and c.isprintable() and c not in "\\," else "".join(f"\\x{b:02x}" for b in c.encode())
        for c in text
    )
    assert unescaped(escaped) == text


def test_columns_and_lists() -> None:
    assert unescape_column(pl.Series(["a", r"\x41", None])).to_list() == ["a", "A", None]
    lists = pl.Series("x", [["a", r"\x41"], None, [], [None, r"\x42"]], dtype=pl.List(pl.String))
    assert unescape_lists(lists).to_list() == [["a", "A"], None, [], [None, "B"]]
    assert unescape_lists(lists).name == "x"
