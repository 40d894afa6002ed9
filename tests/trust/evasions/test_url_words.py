from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.url_words import ORDINARY, rewritten


def test_host_and_rest_are_found_in_whatever_form() -> None:
    urls = ["http://a.example:80/x?y#z", "a.example", "//u@a.example?q", "https://a.example#f", "", None]
    seen: list[tuple[str, str]] = []

    def same(host: str, rest: str, rng: Random) -> tuple[str, str]:
        seen.append((host, rest))
        return host, rest

    events = pl.DataFrame({"url.url_string": urls})
    assert rewritten(events, "url.url_string", same, Random(0)).equals(events)
    assert seen == [("a.example:80", "/x?y#z"), ("a.example", ""), ("u@a.example", "?q"), ("a.example", "#f"), ("", "")]


def test_ordinary_words_are_words() -> None:
    assert len(ORDINARY) == len(set(ORDINARY))
    assert all(w.isalpha() for w in ORDINARY)
