from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.account_life import AccountLife
from vedette.testing.identity import told
from vedette.testing.rows import rows_of

BASE = {"status_id": 1, "user.name": "tmp"}


def test_a_life_across_classes() -> None:
    changed = told(
        EventClass.ACCOUNT_CHANGE,
        [
            {"at": 0, **BASE, "activity_id": 99, "metadata.event_code": "Add user.", "actor.user.name": "eve"},
            {"at": 600, **BASE, "activity_id": 6, "actor.user.name": "eve"},
        ],
    )
    used = told(EventClass.AUTHENTICATION, [{"at": 60, **BASE, "activity_id": 1}, {"at": 70, **BASE, "activity_id": 2}])
    hour, day = rows_of(AccountLife, changed, used).rows(named=True)
    assert (hour["seconds"], hour["uses"], hour["by"], hour["new_name"]) == (600.0, 1, ["eve"], None)
    assert day["seconds"] == 600.0


def test_logons_that_failed_are_no_use() -> None:
    failed = told(EventClass.AUTHENTICATION, [{"at": 60, **BASE, "activity_id": 1, "status_id": 2}])
    assert rows_of(AccountLife, failed).height == 0
