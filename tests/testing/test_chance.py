"""A model of chance fits its detector, and is the same every time."""

from __future__ import annotations

from vedette.testing.chance import chance, equipped
from vedette.testing.learned import Toy


class Own(Toy):
    """One whose model a site trains."""

    ships = False


def test_a_detector_without_a_shipped_model_gets_one_of_chance() -> None:
    made = equipped(Own)
    assert isinstance(made, Own)
    assert made.model.version == chance(Own).version
    assert chance(Own, seed=1).version != chance(Own).version
