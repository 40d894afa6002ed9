from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.group_change import GroupChange
from vedette.testing.identity import told
from vedette.testing.rows import rows_of

ADD = {"activity_id": 3, "group.name": "Administrators", "actor.user.name": "alice"}


def test_an_hour_of_an_actor() -> None:
    rows = [
        {"at": 0, **ADD, "user.name": "CN=Bob\\, Jr,OU=x", "device.hostname": "pc1"},
        {"at": 9, **ADD, "user.name": "-", "user.uid": "S-1-5-21-1-2-3-1104"},
        {"at": 90, **ADD, "activity_id": 4, "user.name": "-", "user.uid": "S-1-5-21-1-2-3-1104"},
    ]
    row = rows_of(GroupChange, told(EventClass.GROUP_MANAGEMENT, rows)).row(0, named=True)
    assert row["members"] == ["Bob\\, Jr", "S-1-5-21-1-2-3-1104"]
    assert (row["added"], row["taken_back"], row["weight"], row["own_hand"]) == (2, 1, 1, False)
    assert (row["age"], row["hosts"]) == (0, ["pc1"])


def test_groups_without_power_are_not_kept() -> None:
    assert (
        rows_of(GroupChange, told(EventClass.GROUP_MANAGEMENT, [{"at": 0, **ADD, "group.name": "Sales"}])).height == 0
    )


def test_one_s_own_account_by_its_id() -> None:
    row = {"at": 0, **ADD, "user.uid": "S-1-5-21-1-2-3-1104", "actor.user.uid": "S-1-5-21-1-2-3-1104"}
    assert rows_of(GroupChange, told(EventClass.GROUP_MANAGEMENT, [row]))["own_hand"].to_list() == [True]
