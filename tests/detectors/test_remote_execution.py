from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from vedette.detectors.remote_execution import RemoteExecution
from vedette.events.batch import EventBatch
from vedette.features.remote_call import RemoteCall
from vedette.model import Severity
from vedette.testing.calls import ATTACKER, VICTIM, calls, files
from vedette.testing.rows import hits_of, rows_of

PSEXEC = [
    calls("svcctl::OpenSCManagerW", "svcctl::CreateServiceW", "svcctl::StartServiceW", "svcctl::QueryServiceStatus"),
    files({"command": "SMB2_COMMAND_WRITE", "share": "\\\\h\\ADMIN$", "file.name": "svc.exe"}),
]
SMBEXEC = [calls("svcctl::CreateServiceA", "svcctl::StartServiceA", "svcctl::DeleteService")]
ATEXEC = [
    calls(
        "ITaskSchedulerService::SchRpcRegisterTask",
        "ITaskSchedulerService::SchRpcRun",
        "ITaskSchedulerService::SchRpcDelete",
    )
]
WMIEXEC = [calls("IWbemLevel1Login::NTLMLogin", "IWbemServices::GetObject", "IWbemServices::ExecMethod")]
DCOMEXEC = [
    calls({"call": "IRemoteSCMActivator::RemoteCreateInstance", "words": ["ShellWindows"]}, "IDispatch::Invoke")
]
HOSTILE: dict[str, tuple[list[EventBatch], tuple[str, ...], Severity]] = {
    "psexec": (PSEXEC, ("T1569.002", "T1021.002"), Severity.HIGH),
    "smbexec": (SMBEXEC, ("T1569.002",), Severity.HIGH),
    "a service alone": ([calls("svcctl::CreateServiceW")], ("T1569.002",), Severity.MEDIUM),
    "a service changed and started": (
        [calls("svcctl::ChangeServiceConfigW", "svcctl::StartServiceW")],
        ("T1569.002",),
        Severity.MEDIUM,
    ),
    "at": ([calls("atsvc::NetrJobAdd")], ("T1053.005",), Severity.MEDIUM),
    "atexec": (ATEXEC, ("T1053.005",), Severity.HIGH),
    "wmiexec": (WMIEXEC, ("T1047",), Severity.MEDIUM),
    "dcomexec": (DCOMEXEC, ("T1021.003",), Severity.HIGH),
}
NORMAL: dict[str, list[EventBatch]] = {
    "services are looked at": [
        calls("svcctl::OpenSCManagerW", "svcctl::EnumServicesStatusExW", "svcctl::QueryServiceStatus")
    ],
    "a service is started": [calls("svcctl::OpenServiceW", "svcctl::StartServiceW", "svcctl::ControlService")],
    "tasks are looked at": [calls("ITaskSchedulerService::SchRpcEnumTasks", "ITaskSchedulerService::SchRpcRun")],
    "monitoring asks by WMI": [calls(*["IWbemServices::ExecQuery"] * 200)],
    "group policy and a logon": [
        calls(
            "netlogon::NetrLogonSamLogonEx",
            "netlogon::NetrServerAuthenticate3",
            "lsarpc::LsarLookupSids2",
            "samr::SamrOpenUser",
        )
    ],
    "a program is written to a share for all": [
        files({"command": "SMB2_COMMAND_WRITE", "share": "\\\\h\\public", "file.name": "setup.exe"})
    ],
    "a program is written to an administrative share, and not run": [
        files({"command": "SMB2_COMMAND_WRITE", "share": "\\\\h\\C$", "file.name": "setup.exe"})
    ],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_tools_do(case: str) -> None:
    batches, techniques, severity = HOSTILE[case]
    (hit,) = hits_of(RemoteExecution, *batches).iter_rows(named=True)
    assert (hit["source"], hit["execution_targets"], hit["severity"]) == (ATTACKER, [VICTIM], severity)
    rows = rows_of(RemoteCall, *batches)
    assert RemoteExecution().attacks(rows) == [techniques]


@pytest.mark.parametrize("case", NORMAL)
def test_what_windows_does(case: str) -> None:
    assert hits_of(RemoteExecution, *NORMAL[case]).is_empty()


def _daily(call: str, days: int) -> list[dict[str, Any]]:
    return [{"call": call, "at": timedelta(days=day).total_seconds(), "dst": f"10.0.1.{day}"} for day in range(days)]


def test_what_a_management_server_always_did_is_no_finding() -> None:
    first_day = hits_of(RemoteExecution, calls(*_daily("svcctl::CreateServiceW", 5)))["time"].dt.day().to_list()
    assert first_day == [2]  # the day on which it was new; the four after it are as usual


def test_something_new_of_a_management_server_is_one() -> None:
    usual = _daily("svcctl::CreateServiceW", 4)
    task = {"call": "atsvc::NetrJobAdd", "at": timedelta(days=6).total_seconds()}
    hits = hits_of(RemoteExecution, calls(*usual, task))
    assert hits.filter(pl.col("task_made") > 0).height == 1


def test_the_sentence_says_who_whom_and_what() -> None:
    words: dict[str, Any] = {"call": "svcctl::CreateServiceW", "user": "bob", "words": ["evil", "cmd /c whoami"]}
    (summary,) = hits_of(RemoteExecution, calls(words))["summary"]
    for part in (ATTACKER, VICTIM, "bob", "a service was created", "cmd /c whoami"):
        assert part in summary
