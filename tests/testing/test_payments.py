"""Made-up payments."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.testing.payments import made_site, payments


def test_a_site_has_frauds_of_both_kinds_and_is_the_same_every_time() -> None:
    made = made_site()
    assert made == made_site()
    frauds = [p for p in made if p[4] == 1]
    assert 0.03 < len(frauds) / len(made) < 0.15
    assert {p[2] for p in frauds} > {"place-0", "place-1", "place-2"}
    batch = payments(*made)
    assert batch.kind is EventClass.PAYMENT
    assert batch.frame["time"].is_sorted()
