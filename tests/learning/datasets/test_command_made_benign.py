from __future__ import annotations

from vedette.learning.data import load
from vedette.learning.datasets.command_made_benign import CommandMadeBenign


def test_it_is_made_the_same_way_every_time() -> None:
    first = load("command_made_benign")
    assert first.equals(load("command_made_benign"))
    assert CommandMadeBenign.trains
    assert first["@group"].n_unique() >= 12
    assert first.height > 14000
