from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_identity import STAFF, abroad, office, signin

from vedette.detectors.unusual_logon import UnusualLogon
from vedette.events.batch import EventBatch
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

LAST = 28
"""A Monday, after four weeks."""
ONE = STAFF[3]

CASES: dict[str, tuple[Callable[[], EventBatch], bool]] = {
    "another country, another program, at night": (lambda: logons([abroad(ONE, LAST, 17)]), True),
    "another country and program by day": (lambda: logons([abroad(ONE, LAST, 1)]), True),
    "a journey with the own machine": (
        lambda: logons([signin(ONE, LAST, 1, source="203.0.113.9", **{"src_endpoint.location.country": "FR"})]),
        False,
    ),
    "a new version of the browser": (
        lambda: logons(
            [
                signin(
                    ONE,
                    LAST,
                    1,
                    **{"http_request.user_agent": "Mozilla/5.0 (Windows NT 11.0; Win64; x64) Chrome/131.2"},
                )
            ]
        ),
        False,
    ),
    "a colleague's usual place": (lambda: logons([signin(ONE, LAST, 1, host="pc-person07")]), False),
    "a late evening": (lambda: logons([signin(ONE, LAST, 13)]), False),
    "an account that is new itself": (lambda: logons([abroad("newcomer", LAST)]), False),
    "everybody moves": (lambda: logons([abroad(p, LAST, 0.5) for p in STAFF]), False),
    "the service itself sees a risk": (
        lambda: logons(
            [
                signin(
                    ONE,
                    LAST,
                    17,
                    source="203.0.113.9",
                    **{"src_endpoint.location.country": "FR", "vedette.risk": "high"},
                )
            ]
        ),
        True,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(UnusualLogon, office(LAST), made())
    assert bool(hits.height) is notable, hits.select("user", "score", "summary").to_dicts()


def test_nothing_is_unusual_on_the_first_days() -> None:
    assert hits_of(UnusualLogon, office(3), logons([abroad(ONE, 3, 17)])).height == 0


def test_the_words() -> None:
    hit = hits_of(UnusualLogon, office(LAST), logons([abroad(ONE, LAST, 17)])).row(0, named=True)
    assert hit["summary"] == (
        "person03 logged on from VN, with python-requests/0, to Mail, at new hours (workday 00 UTC), as it never did on 20 days before."
    )
