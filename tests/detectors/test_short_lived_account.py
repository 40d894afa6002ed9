from __future__ import annotations

import pytest

from vedette.detectors.short_lived_account import ShortLivedAccount
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.model import Severity
from vedette.testing.identity import told
from vedette.testing.rows import hits_of

Row = dict[str, object]


def change(at: float, activity: int, user: str = "tmp", **also: object) -> Row:
    return {
        "at": at,
        "activity_id": activity,
        "status_id": 1,
        "user.name": user,
        "actor.user.name": "eve",
        "device.hostname": "dc1",
        **also,
    }


def changes(*rows: Row) -> EventBatch:
    return told(EventClass.ACCOUNT_CHANGE, rows)


USED = told(EventClass.AUTHENTICATION, [change(300, 1)])

CASES: dict[str, tuple[list[EventBatch], bool, bool]] = {  # events -> a finding, which alerts
    "made, used and removed": ([changes(change(0, 1), change(900, 6)), USED], True, True),
    "made and removed within minutes": ([changes(change(0, 1), change(300, 6))], True, True),
    "made and removed within hours": ([changes(change(0, 1), change(7 * 3_600, 6))], True, False),
    "made": ([changes(change(0, 1)), USED], False, False),
    "removed after long": ([changes(change(0, 6))], False, False),
    "removed, and made again": ([changes(change(0, 6), change(60, 1))], False, False),
    "removal refused": ([changes(change(0, 1), change(300, 6, status_id=2))], False, False),
    "a machine takes another's name": ([changes(change(0, 99, "EVIL$", **{"user_result.name": "DC1"}))], True, True),
    "a machine renamed": ([changes(change(0, 99, "PC1$", **{"user_result.name": "PC2$"}))], False, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, found, alerts = CASES[case]
    hits = hits_of(ShortLivedAccount, *batches)
    assert bool(hits.height) is found, hits.select("account", "score", "summary").to_dicts()
    assert bool((hits["score"] >= ShortLivedAccount.alert_from).sum()) is alerts


def test_the_words() -> None:
    brief = hits_of(ShortLivedAccount, *CASES["made, used and removed"][0]).row(0, named=True)
    assert brief["summary"] == "The account tmp was made by eve and removed 15.0 minutes later."
    masked = hits_of(ShortLivedAccount, *CASES["a machine takes another's name"][0]).row(0, named=True)
    assert (masked["title"], masked["severity"]) == ("Machine account renamed", Severity.HIGH)
    assert masked["summary"] == "The machine's account EVIL$ was renamed to DC1 by eve: so it can pass for another."
