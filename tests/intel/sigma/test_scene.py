from __future__ import annotations

import pytest

from vedette.events.schema import EventClass
from vedette.intel.sigma.rule import Logsource
from vedette.intel.sigma.scene import Scene, tables

SYSMON = "microsoft-windows-sysmon/operational"
PROCESS, AUDITED = (
    Scene(EventClass.PROCESS_ACTIVITY, "Microsoft-Windows-Sysmon", channel=SYSMON, code="1"),
    Scene(EventClass.PROCESS_ACTIVITY, "Microsoft-Windows-Security-Auditing", channel="security", code="4688"),
)
LOGON = Scene(EventClass.AUTHENTICATION, "Microsoft-Windows-Security-Auditing", channel="security", code="4624")
LINUX = Scene(EventClass.PROCESS_ACTIVITY, "auditd")
ON_LINUX = Scene(EventClass.PROCESS_ACTIVITY, "Linux-Sysmon", channel="linux-sysmon/operational", code="1")
CALL = Scene(EventClass.API_ACTIVITY, "cloudtrail")


@pytest.mark.parametrize(
    ("source", "scene", "concerned"),
    [
        (Logsource("windows", "process_creation"), PROCESS, True),
        (Logsource("windows", "process_creation"), AUDITED, True),
        (Logsource("", "process_creation"), PROCESS, True),
        (Logsource("windows", "process_creation", "sysmon"), AUDITED, False),
        (Logsource("windows", "image_load"), PROCESS, False),
        (Logsource("windows", "", "security"), LOGON, True),
        (Logsource("windows", "", "system"), LOGON, False),
        (Logsource("windows"), LOGON, True),
        (Logsource("linux", "process_creation"), PROCESS, False),
        (Logsource("linux", "process_creation"), LINUX, True),
        (Logsource("linux", "process_creation"), ON_LINUX, True),
        (Logsource("", "process_creation"), LINUX, True),
        (Logsource("windows", "process_creation"), LINUX, False),
        (Logsource("linux", "", "auditd"), LINUX, True),
        (Logsource("linux", "", "auditd"), ON_LINUX, False),
        (Logsource("aws", "", "cloudtrail"), CALL, True),
        (Logsource("gcp", "", "gcp.audit"), CALL, False),
        (Logsource("", "webserver"), Scene(EventClass.HTTP_ACTIVITY, "weblog"), True),
        (Logsource("", "webserver"), CALL, False),
    ],
)
def test_which_events_a_log_source_means(source: Logsource, scene: Scene, concerned: bool) -> None:
    assert tables().concerns(source, scene) is concerned


@pytest.mark.parametrize(
    ("field", "scene", "column"),
    [
        ("Image", PROCESS, "process.file.path"),
        ("Image", AUDITED, "process.file.path"),
        ("ParentImage", AUDITED, "process.parent_process.file.path"),
        ("Image", LINUX, "process.file.path"),
        ("EventID", LOGON, "metadata.event_code"),
        ("Computer", PROCESS, "device.hostname"),
        ("SomethingElse", PROCESS, "unmapped.SomethingElse"),
    ],
)
def test_where_a_field_stands(field: str, scene: Scene, column: str) -> None:
    product = "windows" if scene.windows else "linux"
    assert column in tables().columns(field, Logsource(product, "process_creation"), scene)


def test_a_field_that_the_product_wrote_goes_before_what_was_made_of_it() -> None:
    assert tables().columns("User", Logsource("windows", "process_creation"), PROCESS)[0] == "unmapped.User"
    assert tables().columns("eventName", Logsource("aws", "", "cloudtrail"), CALL) == (
        "unmapped.eventName",
        "api.operation",
        "metadata.event_code",
    )


def test_logs_that_nobody_reads() -> None:
    known = tables().known
    assert known(Logsource("windows", "process_creation"))
    assert known(Logsource("", "webserver"))
    assert known(Logsource("aws", "", "cloudtrail"))
    assert not known(Logsource("windows", "file_rename"))
    assert not known(Logsource("cisco", "", "aaa"))
    assert not known(Logsource("windows", "", "no-such-log"))


def test_a_registry_value_of_the_audit_log_is_set_or_added() -> None:
    scene = Scene(
        EventClass.REGISTRY_VALUE_ACTIVITY, "Microsoft-Windows-Security-Auditing", channel="security", code="4657"
    )
    assert "%%1905" in tables().condition(Logsource("windows", "registry_set"), scene)["OperationType"]
    assert not tables().condition(Logsource("windows", "registry_set"), PROCESS)
