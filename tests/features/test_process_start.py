from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.process_start import ProcessStart
from vedette.features.process_start_signs import SIGNS
from vedette.testing.commands import happened
from vedette.testing.rows import rows_of

PATH, PARENT = "process.file.path", "process.parent_process.file.path"


def test_a_row_per_start_that_holds_a_sign() -> None:
    started = happened(
        EventClass.PROCESS_ACTIVITY,
        {
            PATH: "C:\\Windows\\System32\\cmd.exe",
            PARENT: "C:\\Office\\WINWORD.EXE",
            "process.user.name": "ann",
            "process.cmd_line": "cmd /c a",
        },
        {PATH: "C:\\Windows\\System32\\cmd.exe", PARENT: "C:\\Windows\\explorer.exe", "process.user.name": "ann"},
        {PATH: "C:\\Windows\\System32\\cmd.exe", PARENT: "C:\\Office\\WINWORD.EXE", "activity_id": 2},
    )
    rows = rows_of(ProcessStart, started)
    assert rows.select("host", "account", "line", "kind").rows() == [
        ("ws1", "ann", "cmd /c a", "Program started by a document")
    ]
    assert {SIGNS[i].name for i in rows["signs"].to_list()[0]} == {"office_child"}


def test_integrity_is_read_as_a_word_or_a_label() -> None:
    raised = {PATH: "C:\\Windows\\System32\\whoami.exe", PARENT: "C:\\Windows\\System32\\cmd.exe"}
    started = happened(
        EventClass.PROCESS_ACTIVITY,
        raised | {"process.integrity": "S-1-16-16384"},
        raised | {"process.integrity": "High"},
    )
    assert [{SIGNS[i].name for i in h} for h in rows_of(ProcessStart, started)["signs"].to_list()] == [
        {"who_as_system"}
    ]
