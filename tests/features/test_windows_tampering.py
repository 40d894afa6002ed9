"""What Windows says of tampering, as a table."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from vedette.events.windows.rows import WindowsRows
from vedette.features.windows_tampering import WindowsTampering
from vedette.testing.rows import rows_of

LOG, SECURITY = "Microsoft-Windows-Eventlog", "Microsoft-Windows-Security-Auditing"
DEFENDER, SERVICES, SYSMON = "Microsoft-Windows-Windows Defender", "Service Control Manager", "Microsoft-Windows-Sysmon"
KEY = r"HKLM\SOFTWARE\Microsoft\Windows Defender"
WEAKER = "weakened Defender's settings"
REAL_TIME = rf"{KEY}\Real-Time Protection\DisableRealtimeMonitoring"
STOPPED = {"param1": "Windows Event Log", "param3": "disabled", "param4": "EventLog"}
BY_HAND = {"NewTime": "2026-03-02T09:00:00.1Z", "ProcessName": r"C:\x\cmd.exe"}
CLOCK = {"PreviousTime": "2026-03-02T08:00:00.1Z", "SubjectUserName": "ada"}


def _rows(provider: str, code: str, fields: dict[str, str]) -> pl.DataFrame:
    rows = WindowsRows()
    head = {
        "time": [datetime(2026, 3, 2, tzinfo=UTC)],
        "metadata.sequence": [0],
        "metadata.log_provider": [provider],
        "metadata.event_code": [code],
        "device.hostname": ["ws7"],
        "unmapped.Channel": ["Security"],
    }
    rows.add(pl.DataFrame(head), [fields])
    return rows_of(WindowsTampering, *[b.named("x") for b in rows.batches()])


@pytest.mark.parametrize(
    ("provider", "code", "fields", "act", "technique"),
    [
        (LOG, "1102", {"SubjectUserName": "ada"}, "cleared the log Security", "T1070.001"),
        (LOG, "104", {"Channel": "System"}, "cleared the log System", "T1070.001"),
        (SECURITY, "4719", {"AuditPolicyChanges": "%%8448, %%8450"}, "took auditing back for a kind of event", "T1562.002"),
        (SECURITY, "4719", {"AuditPolicyChanges": "%%8449"}, "", ""),
        (SECURITY, "4616", {**CLOCK, "NewTime": "2026-03-01T08:00:00.1Z"}, "set the clock back by 24.0 h", "T1070.006"),
        (SECURITY, "4616", {**CLOCK, **BY_HAND}, "set the clock forward by 1.0 h", "T1070.006"),
        (SECURITY, "4616", {**CLOCK, "NewTime": "2026-03-02T08:00:09.1Z"}, "", ""),
        (SECURITY, "4616", {**CLOCK, "NewTime": "2026-03-09T08:00:00Z", "ProcessName": r"C:\x\VBoxService.exe"}, "", ""),
        (SECURITY, "4616", {"PreviousTime": "9:18:20 PM", "NewTime": "11:18:21 AM"}, "", ""),
        (DEFENDER, "5001", {}, "switched off the real-time protection of Defender", "T1562.001"),
        (DEFENDER, "5007", {"New Value": rf"{KEY}\Exclusions\Paths\C:\evil = 0x0"}, r"told Defender not to look at C:\evil", "T1562.001"),
        (DEFENDER, "5007", {"New Value": f"{REAL_TIME} = 0x1"}, WEAKER, "T1562.001"),
        (DEFENDER, "5007", {"New Value": f"{REAL_TIME} = 0x0"}, "", ""),
        (DEFENDER, "5007", {"New Value": rf"{KEY}\SpyNet\LastMAPSSuccess = 0x1"}, "", ""),
        (DEFENDER, "5013", {}, "tried to change Defender, which refused", "T1562.001"),
        (SERVICES, "7040", STOPPED, "disabled the service EventLog", "T1562.002"),
        (SERVICES, "7040", {"param1": "Windows Event Log", "param3": "auto start"}, "", ""),
        (SERVICES, "7040", {"param1": "Fax", "param3": "disabled"}, "", ""),
        (SERVICES, "7034", {"param1": "Windows Event Log", "param2": "1"}, "made the service Windows Event Log crash or end", "T1562.002"),
        (SYSMON, "4", {"State": "Stopped"}, "stopped Sysmon", "T1562.001"),
        (SYSMON, "4", {"State": "Started"}, "", ""),
        ("Shop", "1102", {}, "", ""),
    ],
)  # fmt: skip
def test_acts(provider: str, code: str, fields: dict[str, str], act: str, technique: str) -> None:
    rows = _rows(provider, code, fields)
    assert list(rows.select("act", "technique").iter_rows()) == ([(act, technique)] if act else [])


def test_who() -> None:
    machine = _rows(LOG, "1102", {"SubjectUserName": "WS7$"}).row(0, named=True)
    assert (machine["account"], machine["by_machine"]) == (None, True)
    person = _rows(LOG, "1102", {"SubjectUserName": "ada"}).row(0, named=True)
    assert (person["account"], person["by_machine"]) == ("ada", False)
