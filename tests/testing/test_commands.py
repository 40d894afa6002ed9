from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.testing.commands import account_changes, commands, messages


def test_each_maker_gives_its_class() -> None:
    assert commands(["ls"]).kind is EventClass.PROCESS_ACTIVITY
    assert account_changes([(1, "eve", "new user")]).kind is EventClass.ACCOUNT_CHANGE
    assert messages(["hello"]).frame["message"].to_list() == ["hello"]
