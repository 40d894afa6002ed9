from __future__ import annotations

import pytest

from vedette.detectors.password_spray import PasswordSpray
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of

OUT = "203.0.113.9"
STAFF = [f"user{i}" for i in range(200)]
MONDAY = [
    row
    for i, user in enumerate(STAFF)
    for row in (
        *tries(1 + i % 3, every=6.0, users=[user], source=OUT, start=i * 9.0),
        *tries(1, every=1.0, users=[user], source=OUT, start=i * 9.0 + 20.0, ok=True),
    )
]

CASES = {
    "sixty accounts, once": (tries(60, every=2.0, users=STAFF[:60], source=OUT), True),
    "eight accounts, over hours": (tries(16, every=2000.0, users=STAFF[:8], source=OUT), True),
    "one of a hundred gets in": (
        tries(100, every=3.0, users=STAFF[:100], source=OUT)
        + tries(1, every=1.0, users=STAFF[40:41], ok=True, start=500.0, source=OUT),
        True,
    ),
    "password-reset Monday": (MONDAY, False),
    "two colleagues mistype": (tries(4, every=5.0, users=STAFF[:2], source=OUT), False),
    "guessing one account is another's": (tries(500, every=1.0, source=OUT), False),
    "one account, two names of it": (tries(400, every=1.0, users=("bob", "BOB"), source=OUT), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, hostile = CASES[case]
    hits = hits_of(PasswordSpray, logons(rows))
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_counts_accounts_beyond_the_sketch() -> None:
    many = tries(2000, every=0.1, users=[f"u{i}" for i in range(2000)], source=OUT)
    hit = hits_of(PasswordSpray, logons(many)).row(-1, named=True)
    assert hit["accounts_refused"] == pytest.approx(2000, rel=0.3)
    assert len(hit["tried"]) <= 8
