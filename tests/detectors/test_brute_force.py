from __future__ import annotations

import random

import pytest

from vedette.detectors.brute_force import BruteForce
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of

OUT, IN = "203.0.113.9", "10.1.1.7"
STAFF = [f"user{i}" for i in range(200)]


def _office(failures: int) -> list[dict[str, object]]:
    """200 people behind one address log on; ``failures`` of them mistype twice before."""
    chance = random.Random(3)
    rows: list[dict[str, object]] = []
    for number, user in enumerate(STAFF):
        at = chance.uniform(0, 3000)
        rows += tries(2 if number < failures else 0, every=6.0, users=[user], start=at, source=OUT)
        rows += tries(1, every=1.0, users=[user], start=at + 20, ok=True, source=OUT)
    return rows


CASES = {
    "hydra on root": (tries(120, every=1.5, source=OUT), True),
    "slow, all day": (tries(300, every=283.0, source=OUT), True),
    "two accounts": (tries(200, every=2.2, users=("root", "admin"), source=OUT), True),
    "guessing from inside": (tries(80, every=1.1, source=IN), True),
    "mistypes five times": (tries(5, every=7.0, source=IN) + tries(1, every=1, ok=True, start=40, source=IN), False),
    "only mistypes": (tries(4, every=9.0, source=IN), False),
    "expired password, every minute": (tries(600, every=60.0, users=("backup",), source=IN), False),
    "200 people behind one address": (_office(30), False),
    "password-reset Monday": (_office(150), False),
    "spraying is another's": (tries(60, every=2.0, users=STAFF[:60], source=OUT), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, hostile = CASES[case]
    hits = hits_of(BruteForce, logons(rows))
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_says_who_what_and_how_much() -> None:
    hit = hits_of(BruteForce, logons(CASES["hydra on root"][0])).row(0, named=True)
    assert OUT in hit["summary"]
    assert "root" in hit["summary"]
