from __future__ import annotations

from vedette.detectors.process_access import ProcessAccess
from vedette.events.schema import EventClass
from vedette.testing.commands import happened
from vedette.testing.rows import hits_of

LSASS = {"process.file.path": "C:\\Windows\\System32\\lsass.exe", "activity_id": 3}
BY, MASK = "actor.process.file.path", "requested_permissions"


def test_who_reads_the_logon_service() -> None:
    opened = happened(
        EventClass.PROCESS_ACTIVITY,
        LSASS | {BY: "C:\\Users\\ann\\Desktop\\a.exe", MASK: 0x1410},
        LSASS | {BY: "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\MsMpEng.exe", MASK: 0x1410},
        LSASS | {BY: "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe", MASK: 0x1000},
    )
    hits = hits_of(ProcessAccess, opened)
    detector = ProcessAccess()
    assert hits["source"].to_list() == ["C:\\Users\\ann\\Desktop\\a.exe"]
    assert detector.attacks(hits) == [("T1003.001",)]
    assert detector.titles(hits) == ["Memory of the logon service read"]
    assert "reached into C:\\Windows\\System32\\lsass.exe" in detector.summaries(hits)[0]


def test_a_thread_that_loads_a_library() -> None:
    put = {"process.file.path": "C:\\Windows\\notepad.exe", "activity_id": 4, "module.function_name": "LoadLibraryW"}
    assert hits_of(ProcessAccess, happened(EventClass.PROCESS_ACTIVITY, put | {BY: "C:\\Tools\\a.exe"})).height == 1
    assert hits_of(
        ProcessAccess,
        happened(
            EventClass.PROCESS_ACTIVITY, {**put, "module.function_name": "x", BY: "C:\\Windows\\System32\\csrss.exe"}
        ),
    ).is_empty()
