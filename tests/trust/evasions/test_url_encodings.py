from __future__ import annotations

from random import Random

import polars as pl

from vedette.features.url_parts import split
from vedette.testing.urls import url_events
from vedette.trust.evasions.url_encodings import UrlEncodings


def test_a_browser_asks_for_the_same_page() -> None:
    urls = [f"http://pay{i}.evil.example:8080/login/page.php?id={i}" for i in range(40)]
    made = UrlEncodings().rewrite(url_events(urls).frame, Random(1))["url.url_string"]
    assert made.to_list() != urls
    before, after = split(pl.Series(urls)), split(made)
    assert after.select("host", "tail", "port").equals(before.select("host", "tail", "port"))
