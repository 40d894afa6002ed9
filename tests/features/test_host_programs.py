from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.host_programs import HostPrograms
from vedette.testing.commands import happened
from vedette.testing.rows import rows_of

PATH, PARENT = "process.file.path", "process.parent_process.file.path"


def test_versions_and_users_are_left_out() -> None:
    started = happened(
        EventClass.PROCESS_ACTIVITY,
        {PATH: "C:\\Users\\ann\\App\\1.2\\a.exe", PARENT: "C:\\Windows\\explorer.exe"},
        {PATH: "C:\\Users\\bob\\App\\1.3\\A.exe", PARENT: "C:\\Windows\\Explorer.EXE"},
        {PATH: "C:\\Windows\\System32\\cmd.exe", PARENT: None, "activity_id": 2},
    )
    [row] = rows_of(HostPrograms, started).to_dicts()
    assert row["programs"] == ["c:\\users\\*\\app\\0.0\\a.exe"]
    assert row["pairs"] == ["explorer.exe > a.exe"]
    assert row["starts"] == 2


def test_a_start_without_a_parent_has_no_pair() -> None:
    [row] = rows_of(HostPrograms, happened(EventClass.PROCESS_ACTIVITY, {PATH: "/usr/bin/vi"})).to_dicts()
    assert (row["programs"], row["pairs"]) == (["/usr/bin/vi"], [])
