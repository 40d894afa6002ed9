from __future__ import annotations

from vedette.features.discovery_acts import ACTS, DiscoveryActs
from vedette.testing.commands import commands
from vedette.testing.rows import rows_of


def test_different_questions_are_counted_once_each() -> None:
    rows = rows_of(DiscoveryActs, commands(["whoami", "whoami", "net view", "ls", "ipconfig /all"], becomes=None))
    assert rows.select("host", "account", "questions").rows() == [("web1", "alice", 3)]
    assert {ACTS[i].name for i in rows["acts"].to_list()[0]} == {"who_am_i", "shares", "network_settings"}
    assert rows["lines"].to_list()[0][0] == "whoami"


def test_who_asks_nothing_has_no_row() -> None:
    assert rows_of(DiscoveryActs, commands(["ls", "vim a.txt"])).is_empty()
