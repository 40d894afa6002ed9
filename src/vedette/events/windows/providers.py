"""Providers besides Sysmon and Security: services, tasks, PowerShell, Defender; fields by their manifests."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.events.windows.shape import As, Fields, Shape
from vedette.events.windows.sysmon import ACTOR

_SERVICE: Fields = {
    "ServiceName": "win_service.name",
    "ImagePath": "win_service.cmd_line",
    "ServiceType": "win_service.service_type",
    "StartType": "win_service.service_start_type",
    "AccountName": "win_service.service_start_name",
}
_TASK: Fields = {
    "TaskName": "job.name",
    "UserContext": As("account_name", "job.user.name"),
    "UserName": As("account", "actor.user"),
}
_POWERSHELL = {"script.type_id": 2}
_THREAT: Fields = {
    "Threat Name": "finding_info.title",
    "Category Name": As("one", "finding_info.types"),
    "Severity Name": As("defender_severity", "severity_id"),
    "Path": "finding_info.desc",
    "Action Name": "status_detail",
}
_DEFENDER = {"metadata.product.name": "Microsoft Defender Antivirus"}


def _task(activity: int, **more: str) -> Shape:
    return Shape(EventClass.SCHEDULED_JOB_ACTIVITY, activity, {**_TASK, **more})


PROVIDERS: dict[str, dict[int, Shape]] = {
    "Service Control Manager": {7045: Shape(EventClass.WINDOWS_SERVICE_ACTIVITY, 1, _SERVICE)},
    "Microsoft-Windows-TaskScheduler": {
        106: _task(1),
        140: _task(2),
        141: _task(3),
        142: _task(5),
        129: _task(6, Path="job.cmd_line"),
        200: _task(6, ActionName="job.cmd_line"),
    },
    "Microsoft-Windows-PowerShell": {
        4103: Shape(EventClass.SCRIPT_ACTIVITY, 1, {"Payload": "script.script_content.value"}, _POWERSHELL),
        4104: Shape(
            EventClass.SCRIPT_ACTIVITY,
            1,
            {
                "ScriptBlockText": "script.script_content.value",
                "ScriptBlockId": "script.uid",
                "MessageNumber": As("number", "vedette.part"),
                "MessageTotal": As("number", "vedette.parts"),
                "Path": "script.file.path",
            },
            _POWERSHELL,
        ),
    },
    "Microsoft-Windows-Windows Defender": {
        1006: Shape(EventClass.DETECTION_FINDING, 1, _THREAT, _DEFENDER),
        1015: Shape(EventClass.DETECTION_FINDING, 1, _THREAT, _DEFENDER),
        1116: Shape(EventClass.DETECTION_FINDING, 1, _THREAT, _DEFENDER),
        1117: Shape(EventClass.DETECTION_FINDING, 2, _THREAT, _DEFENDER),
    },
    "Microsoft-Windows-DNS-Client": {
        3008: Shape(
            EventClass.DNS_ACTIVITY,
            6,
            {
                "QueryName": "query.hostname",
                "QueryResults": As("dns_answers", "answers.rdata"),
                "QueryStatus": As("dns_status", "rcode_id"),
            },
        ),
    },
}
"""Provider -> event id -> shape."""
PROVIDERS["PowerShellCore"] = PROVIDERS["Microsoft-Windows-PowerShell"]

OTHER = Shape(
    EventClass.EVENT_LOG,
    99,
    {
        **ACTOR,
        "SubjectUserName": "actor.user.name",
        "SubjectDomainName": "actor.user.domain",
        "SubjectUserSid": "actor.user.uid",
        "SubjectLogonId": "actor.session.uid",
        "ProcessName": "actor.process.file.path",
        "ProcessID": As("number", "actor.process.pid"),
        "IpAddress": As("from_address", "src_endpoint.ip"),
        "IpPort": As("number", "src_endpoint.port"),
        "WorkstationName": "src_endpoint.hostname",
    },
)
"""Every other event: an Event Log row, with who and by which program where it says so."""
