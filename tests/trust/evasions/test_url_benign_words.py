from __future__ import annotations

from random import Random

from vedette.testing.urls import url_events
from vedette.trust.evasions.url_benign_words import UrlBenignWords
from vedette.trust.evasions.url_words import ORDINARY


def test_the_page_moves_below_ordinary_words() -> None:
    made = UrlBenignWords().rewrite(url_events(["http://evil.example/pay.php?x=1", "evil.example"]).frame, Random(1))
    first, second = made["url.url_string"]
    assert first.startswith("http://evil.example/")
    assert first.endswith("/pay.php?x=1")
    words = second.split("/")[1:]
    assert 3 <= len(words) <= 6
    assert set(words) <= set(ORDINARY)
