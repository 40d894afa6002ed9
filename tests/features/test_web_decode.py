from __future__ import annotations

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.web_decode import LAYERS, ROW, decode

CASES = {
    "%27%20or%201=1": ("' or 1=1", 1, False),
    "%2527": ("'", 2, False),
    "%2525252527": ("%27", LAYERS, False),
    "%u003cscript%u003e": ("<script>", 1, True),
    "..%c0%af..%c0%2f%e0%80%af": ("../..//", 1, True),
    "%ef%bc%9cscript": ("<script", 1, False),
    "%e4%b8%ad": ("中", 1, False),
    "&lt;script&#x3e;": ("<script>", 0, False),
    r"\u003cx\x3e": ("<x>", 0, False),
    "UN/**/ION /*!50000sElect*/": ("un ion select ", 0, False),
    "${${lower:j}ndi:${::-l}dap}": ("${jndi:ldap}", 0, False),
    "c''at 'pas'||'swd'": ("cat 'passwd'", 0, False),
    "%00a%0d%0ab%1e%1f": ("\x01a\n\nb\x01\x01", 1, False),
    "1%a0or": ("1 or", 1, False),
    "100%": ("100%", 0, False),
    "%": ("%", 0, False),
    "%u00": ("%u00", 0, False),
    "": ("", 0, False),
}


def test_layers_are_taken_off() -> None:
    found = decode(pl.Series(list(CASES)))
    assert dict(zip(CASES, found.rows(), strict=True)) == CASES


def test_null_is_empty() -> None:
    assert decode(pl.Series([None, "%41"], dtype=pl.String))["text"].to_list() == ["", "a"]
    assert decode(pl.Series([], dtype=pl.String)).height == 0


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(blacklist_characters=[chr(ROW)], blacklist_categories=["Cs"])), max_size=8)
)
def test_any_text_gives_a_row_whatever_stands_beside_it(texts: list[str]) -> None:
    together = decode(pl.Series(texts, dtype=pl.String))
    assert together.height == len(texts)
    assert [decode(pl.Series([t])).row(0) for t in texts] == together.rows()
    assert not any(chr(ROW) in t for t in together["text"])


@settings(deadline=None)
@given(st.text(alphabet="%25uUcC0aAfFeE8/.<&#x;\\'\"*!${}:-|+ \n", max_size=400))
def test_hostile_pieces_survive(text: str) -> None:
    decode(pl.Series([text, text]))


@pytest.mark.parametrize(
    "text",
    [
        "%25" * 100_000,
        "%" * 300_000,
        "${" * 100_000,
        "/*" * 100_000,
        "''" * 100_000,
        "&#" * 100_000,
        "%u" * 100_000,
        "&a" * 100_000,
        "\\x" * 100_000,
    ],
    ids=lambda t: t[:4],
)
def test_time_is_bounded(text: str) -> None:
    began = time.process_time()
    decode(pl.Series([text]))
    assert time.process_time() - began < 2


def test_what_is_encoded_among_what_is_not() -> None:
    plain, coded = ["\x1c/a", "\x1c/b"], "\x1c/%2561"
    told = decode(pl.Series([plain[0], coded, None, plain[1]]))
    assert told["text"].to_list() == ["\x1c/a", "\x1c/a", "", "\x1c/b"]
    assert told["layers"].to_list() == [0, 2, 0, 0]
