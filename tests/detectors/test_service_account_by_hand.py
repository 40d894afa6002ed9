from __future__ import annotations

import pytest
from tests.detectors.made_identity import at_host

from vedette.detectors.service_account_by_hand import ServiceAccountByHand
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

Row = dict[str, object]


def history(user: str, kind: int, days: int = 20) -> list[Row]:
    """Return a month in which the account logs on alike, beside others."""
    return [at_host(user, d, 2, kind, "db1") for d in range(days)] + [
        at_host(f"person{n}", d, 1, 2, f"pc{n}") for d in range(days) for n in range(5)
    ]


CASES: dict[str, tuple[list[Row], bool, bool]] = {  # rows -> a finding, which alerts
    "it sits down at a keyboard elsewhere": ([*history("report", 5), at_host("report", 20, 9, 10, "dc1")], True, True),
    "it goes on as ever": ([*history("report", 5), at_host("report", 20, 2, 5, "db1")], False, False),
    "a person": ([*history("alice", 2), at_host("alice", 20, 9, 10, "dc1")], False, False),
    "its name alone": ([at_host("svc-report", 20, 9, 10, "dc1")], True, False),
    "named so, and works as a service": ([*history("svc-report", 5)], False, False),
    "no history and no such name": ([at_host("alice", 20, 9, 10, "dc1")], False, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found, alerts = CASES[case]
    hits = hits_of(ServiceAccountByHand, logons(rows))
    assert bool(hits.height) is found, hits.select("user", "score", "summary").to_dicts()
    assert bool((hits["score"] >= ServiceAccountByHand.alert_from).sum()) is alerts


def test_the_words() -> None:
    hit = hits_of(ServiceAccountByHand, logons([*history("report", 5), at_host("report", 20, 9, 10, "dc1")])).row(
        0, named=True
    )
    assert (
        hit["summary"]
        == "The service account report logged on by Remote Desktop to dc1; on 20 days before it never logged on by hand."
    )


def test_only_the_logons_by_hand_are_spoken_of() -> None:
    night, hand = at_host("report", 20, 2, 5, "db1"), at_host("report", 20, 9, 10, "dc1")
    hit = hits_of(ServiceAccountByHand, logons([*history("report", 5), night, hand])).row(0, named=True)
    assert hit["hand_places"] == ["dc1"]
    assert hit["hand_first"] == hit["hand_last"] == hit["last_seen"]
    assert hit["first_seen"] < hit["hand_first"]
