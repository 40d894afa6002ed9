from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_identity import STAFF, abroad, office, signin

from vedette.detectors.dormant_account import DormantAccount
from vedette.events.batch import EventBatch
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

ONE, LAST = STAFF[3], 70

CASES: dict[str, tuple[Callable[[], list[EventBatch]], bool]] = {
    "after six weeks": (
        lambda: [office(28), office(LAST - 28, start=28, skip=(ONE,)), logons([signin(ONE, LAST)])],
        True,
    ),
    "after two weeks of holidays": (
        lambda: [office(LAST - 14), office(14, start=LAST - 14, skip=(ONE,)), logons([signin(ONE, LAST)])],
        False,
    ),
    "used every day": (lambda: [office(LAST), logons([signin(ONE, LAST)])], False),
    "a new account": (lambda: [office(LAST), logons([signin("newcomer", LAST)])], False),
    "the log itself had a gap": (lambda: [office(28), office(3, start=LAST)], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(DormantAccount, *made())
    assert bool(hits.height) is notable, hits.select("user", "time", "score", "summary").to_dicts()
    assert set(hits["user"]) <= {ONE}


def test_it_alerts_where_more_is_new() -> None:
    before = [office(28), office(LAST - 28, start=28, skip=(ONE,))]
    usual = hits_of(DormantAccount, *before, logons([signin(ONE, LAST)])).row(0, named=True)
    strange = hits_of(DormantAccount, *before, logons([abroad(ONE, LAST)])).row(0, named=True)
    assert usual["score"] < strange["score"]
    assert strange["score"] > 0.99
    assert strange["summary"] == (
        "person03 was not used for 20 days or more (it was on 20 days before), and logged on again 1 times, from 203.0.113.9."
    )
