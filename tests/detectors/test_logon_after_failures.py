from __future__ import annotations

import pytest

from vedette.detectors.logon_after_failures import LogonAfterFailures
from vedette.model import Severity
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of

OUT = "203.0.113.9"
STAFF = [f"user{i}" for i in range(200)]


def _then_in(rows: list[dict[str, object]], at: float, user: str = "root") -> list[dict[str, object]]:
    return rows + tries(1, every=1.0, users=[user], ok=True, start=at, source=OUT)


MONDAY = [
    row
    for i, user in enumerate(STAFF)
    for row in _then_in(
        tries(2 if i % 2 else 1, every=5.0, users=[user], start=i * 9.0, source=OUT), i * 9.0 + 20, user
    )
]
CASES = {
    "guessed, then in": (_then_in(tries(100, every=1.2, source=OUT), 130.0), True),
    "slow guessing, then in": (_then_in(tries(200, every=100.0, source=OUT), 20_050.0), True),
    "sprayed, then in": (_then_in(tries(50, every=3.0, users=STAFF[:50], source=OUT), 170.0, STAFF[7]), True),
    "sprayed, never in": (tries(500, every=1.1, users=STAFF, source=OUT), False),
    "never in": (tries(100, every=1.2, source=OUT), False),
    "in first, failures later": (_then_in(tries(100, every=1.2, start=10.0, source=OUT), 1.0), False),
    "mistypes five times": (_then_in(tries(5, every=6.0, source=OUT), 40.0), False),
    "mistypes ten times": (_then_in(tries(10, every=8.0, source=OUT), 90.0), False),
    "password-reset Monday": (MONDAY, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, hostile = CASES[case]
    hits = hits_of(LogonAfterFailures, logons(rows))
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_is_critical_and_names_the_account() -> None:
    hit = hits_of(LogonAfterFailures, logons(CASES["sprayed, then in"][0])).row(0, named=True)
    assert hit["severity"] == Severity.CRITICAL
    assert STAFF[7] in hit["summary"]
