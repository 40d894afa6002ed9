from __future__ import annotations

from vedette.learning.data import load
from vedette.learning.datasets.command_made_attacks import CommandMadeAttacks


def test_it_is_made_the_same_way_every_time() -> None:
    first = load("command_made_attacks")
    assert first.equals(load("command_made_attacks"))
    assert CommandMadeAttacks.trains
    assert first["@group"].n_unique() >= 15
    assert first.height > 12000
