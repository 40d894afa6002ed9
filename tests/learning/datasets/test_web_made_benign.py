from __future__ import annotations

from vedette.learning.data import load
from vedette.learning.datasets.web_made_benign import WebMadeBenign


def test_it_is_made_the_same_way_every_time() -> None:
    first = load("web_made_benign")
    assert first.equals(load("web_made_benign"))
    assert WebMadeBenign.trains
    assert first["@group"].n_unique() >= 10
    assert first.height > 10_000
