from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.features.process_access import ProcessAccess
from vedette.features.process_access_signs import SIGNS
from vedette.testing.commands import happened
from vedette.testing.rows import rows_of

LSASS = {"process.file.path": "C:\\Windows\\System32\\lsass.exe"}
BY = "actor.process.file.path"


def test_rights_become_words_and_signs() -> None:
    opened = happened(
        EventClass.PROCESS_ACTIVITY,
        LSASS | {"activity_id": 3, BY: "C:\\Users\\Public\\a.exe", "requested_permissions": 0x1010},
        LSASS | {"activity_id": 3, BY: "C:\\Windows\\System32\\svchost.exe", "requested_permissions": 0x1000},
        LSASS | {"activity_id": 1, BY: "C:\\Users\\Public\\a.exe", "requested_permissions": 0x1010},
    )
    rows = rows_of(ProcessAccess, opened)
    assert rows.select("what", "rights", "kind").rows() == [("open", "read", "Memory of the logon service read")]
    assert {SIGNS[i].name for i in rows["signs"].to_list()[0]} == {"lsass_read", "lsass_by_user_program", "lsass_any"}


def test_everything_asked_for_is_told() -> None:
    opened = happened(
        EventClass.PROCESS_ACTIVITY, LSASS | {"activity_id": 3, BY: "C:\\a.exe", "requested_permissions": 0x1FFFFF}
    )
    assert rows_of(ProcessAccess, opened)["rights"][0].startswith("all thread write read")


def test_threads_and_tampering() -> None:
    done = happened(
        EventClass.PROCESS_ACTIVITY,
        {
            "process.file.path": "C:\\Windows\\notepad.exe",
            "activity_id": 4,
            BY: "C:\\Temp\\a.exe",
            "module.function_name": "LoadLibraryA",
        },
        {"process.file.path": "C:\\Temp\\b.exe", "activity_id": 4, "metadata.event_code": "25"},
    )
    assert rows_of(ProcessAccess, done)["what"].to_list() == ["inject", "tamper"]
