from __future__ import annotations

import pytest

from vedette.detectors.privileged_group import PrivilegedGroup
from vedette.events.schema import EventClass
from vedette.model import Severity
from vedette.testing.identity import told
from vedette.testing.rows import hits_of

Row = dict[str, object]
HOUR = 3_600


def add(
    at: float, group: str = "Domain Admins", by: str = "alice", member: str = "bob", activity: int = 3, **also: object
) -> Row:
    row: Row = {"at": at, "activity_id": activity, "status_id": 1, "group.name": group, "actor.user.name": by}
    return row | {"user.name": f"CN={member},OU=Staff,DC=corp,DC=example", "device.hostname": "dc1", **also}


HISTORY = [add(h * HOUR, by="carol", member=f"new{h}") for h in range(0, 60, 6)]

CASES: dict[str, tuple[list[Row], bool, bool]] = {  # rows -> a finding, which alerts
    "a new domain administrator": ([add(0)], True, True),
    "who adds himself": ([add(0, member="alice")], True, True),
    "by the id, in any language": ([add(0, "Gruppe") | {"group.uid": "S-1-5-21-7-8-9-512"}], True, True),
    "people who may log on from afar": ([add(0, "Remote Desktop Users")], True, False),
    "the first account of a host": ([add(0, "Administrators", "WIN1$") | {"group.uid": "S-1-5-32-544"}], True, False),
    "a guest who takes over the host": (
        [add(0, "Administrators", "SYSTEM", "Guest") | {"user.uid": "S-1-5-21-1-2-3-501"}],
        True,
        True,
    ),
    "any other group": ([add(0, "Sales")], False, False),
    "refused": ([add(0, status_id=2)], False, False),
    "taken out": ([add(0, activity=4)], False, False),
    "who does so every day": ([*HISTORY, add(60 * HOUR, by="carol")], True, True),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found, alerts = CASES[case]
    hits = hits_of(PrivilegedGroup, told(EventClass.GROUP_MANAGEMENT, rows))
    assert bool(hits.height) is found, hits.select("by", "group", "score").to_dicts()
    assert bool((hits["score"] >= PrivilegedGroup.alert_from).sum()) is alerts


def test_the_routine_of_an_administrator_stops_alerting() -> None:
    hits = hits_of(PrivilegedGroup, told(EventClass.GROUP_MANAGEMENT, [*HISTORY, add(60 * HOUR, by="carol")]))
    last = hits.sort("time").row(-1, named=True)
    assert last["score"] < PrivilegedGroup.alert_from
    stranger = hits_of(PrivilegedGroup, told(EventClass.GROUP_MANAGEMENT, [*HISTORY, add(60 * HOUR, by="mallory")]))
    assert stranger.sort("time").row(-1, named=True)["score"] > 0.9


def test_a_member_for_an_hour_weighs_more() -> None:
    brief = hits_of(PrivilegedGroup, told(EventClass.GROUP_MANAGEMENT, [add(0), add(600, activity=4)])).row(
        0, named=True
    )
    lasting = hits_of(PrivilegedGroup, told(EventClass.GROUP_MANAGEMENT, [add(0)])).row(0, named=True)
    assert brief["score"] > lasting["score"]
    assert brief["summary"] == "alice added bob to Domain Admins on dc1: members can take over the whole domain."
    assert brief["severity"] == Severity.HIGH
