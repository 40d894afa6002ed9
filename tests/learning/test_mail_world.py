from __future__ import annotations

from random import Random

import pytest

from vedette.learning import mail_world as world

TO = world.Person("Anna Berg", "anna@contoso.com")


@pytest.mark.parametrize("seed", range(20))
def test_everybody_has_an_address_and_a_place_to_lead_to(seed: int) -> None:
    rng = Random(seed)
    senders = (
        world.honest(rng, 0, TO, many=bool(seed % 2)),
        world.colleague(rng, TO),
        world.on_list(rng, TO),
        world.machine(rng, TO),
        world.impostor(rng, 0, TO, us=bool(seed % 2)),
    )
    for sender in senders:
        assert sender.address.count("@") == 1
        assert "." in sender.address.partition("@")[2]
        assert sender.main.startswith("http")


def test_a_stranger_wants_an_answer() -> None:
    assert not world.stranger(Random(1)).main
    assert world.stranger(Random(1), boss="Ben Berg").shown == "Ben Berg"


def test_halves_of_the_protected_names_are_apart() -> None:
    spoken = [{world.impostor(Random(n), part, TO).plays for n in range(300)} for part in (0, 1)]
    known = set(world.known_names())
    assert not spoken[0] & spoken[1] & known


def test_words_of_known_names_are_told() -> None:
    assert "PayPal" in world.known_names()
