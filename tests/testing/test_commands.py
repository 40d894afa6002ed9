from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.testing.commands import account_changes, commands, happened, messages


def test_each_maker_gives_its_class() -> None:
    assert commands(["ls"]).kind is EventClass.PROCESS_ACTIVITY
    assert account_changes([(1, "eve", "new user")]).kind is EventClass.ACCOUNT_CHANGE
    assert messages(["hello"]).frame["message"].to_list() == ["hello"]


def test_events_of_any_class() -> None:
    made = happened(EventClass.REGISTRY_VALUE_ACTIVITY, {"reg_value.path": "HKCU\\A"}, {"unmapped.Own": "x"})
    assert made.frame["reg_value.path"].to_list() == ["HKCU\\A", None]
    assert made.frame["device.hostname"].to_list() == ["ws1", "ws1"]
