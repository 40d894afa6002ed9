"""The Security log: providers Security-Auditing and Eventlog; fields as Microsoft's manifest of Windows Server 2022 names them."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.events.windows.shape import As, Fields, Shape, Target

PROVIDERS = ("Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Eventlog")

SUBJECT: Fields = {
    "SubjectUserName": "actor.user.name",
    "SubjectDomainName": "actor.user.domain",
    "SubjectUserSid": "actor.user.uid",
    "SubjectLogonId": "actor.session.uid",
}
CALLER: Fields = {"ProcessName": "actor.process.file.path", "ProcessId": As("number", "actor.process.pid")}
TARGET_USER: Fields = {"TargetUserName": "user.name", "TargetDomainName": "user.domain", "TargetSid": "user.uid"}
_FROM: Fields = {
    "IpAddress": As("from_address", "src_endpoint.ip"),
    "IpPort": As("number", "src_endpoint.port"),
    "WorkstationName": "src_endpoint.hostname",
}
_LOGON: Fields = {
    **SUBJECT,
    **CALLER,
    **_FROM,
    "TargetUserName": "user.name",
    "TargetDomainName": "user.domain",
    "TargetUserSid": "user.uid",
    "TargetLogonId": "session.uid",
    "LogonType": As("number", "logon_type_id"),
    "LogonProcessName": "logon_process.name",
    "AuthenticationPackageName": "auth_protocol",
}
_KERBEROS: Fields = {
    **_FROM,
    "TargetUserName": As("principal", "user"),
    "TargetDomainName": "user.domain",
    "TargetSid": "user.uid",
    "ServiceName": "service.name",
    "TicketOptions": As("number", "vedette.ticket_options"),
    "TicketEncryptionType": As("number", "vedette.etype"),
    "Status": As("status", "status_code"),
}
_ACCOUNT: Fields = {**SUBJECT, **TARGET_USER, "NewTargetUserName": "user_result.name", "OldTargetUserName": "user.name"}
_GROUP: Fields = {
    **SUBJECT,
    "TargetUserName": "group.name",
    "TargetDomainName": "group.domain",
    "TargetSid": "group.uid",
    "MemberName": "user.name",
    "MemberSid": "user.uid",
    "PrivilegeList": As("words", "privileges"),
}
_JOB: Fields = {
    **SUBJECT,
    "TaskName": "job.name",
    "TaskContent": As("task", "job"),
    "TaskContentNew": As("task", "job"),
}
_PACKETS: Fields = {
    "Application": "actor.process.file.path",
    "ProcessId": As("number", "actor.process.pid"),
    "ProcessID": As("number", "actor.process.pid"),
    "Protocol": As("number", "connection_info.protocol_num"),
    "Direction": As("direction", "connection_info.direction_id"),
    "SourceAddress": As("address", "src_endpoint.ip"),
    "SourcePort": As("number", "src_endpoint.port"),
    "DestAddress": As("address", "dst_endpoint.ip"),
    "DestPort": As("number", "dst_endpoint.port"),
}
_SUCCESS = {"status_id": 1}
_FAILURE = {"status_id": 2}
_IS_KERBEROS = {"auth_protocol": "Kerberos"}


def _account(activity: int) -> Shape:
    return Shape(EventClass.ACCOUNT_CHANGE, activity, _ACCOUNT, _SUCCESS)


def _groups(activity: int, *ids: int) -> dict[int, Shape]:
    return dict.fromkeys(ids, Shape(EventClass.GROUP_MANAGEMENT, activity, _GROUP, _SUCCESS))


def _job(activity: int) -> Shape:
    return Shape(EventClass.SCHEDULED_JOB_ACTIVITY, activity, _JOB)


def _packets(activity: int, *ids: int) -> dict[int, Shape]:
    return dict.fromkeys(ids, Shape(EventClass.HOST_CONNECTION, activity, _PACKETS))


def _object(kind: EventClass, activity: int, **more: Target) -> Shape:
    return Shape(kind, activity, {**SUBJECT, **CALLER, **more})


_KEY, _OPENED = EventClass.REGISTRY_KEY_ACTIVITY, EventClass.PROCESS_ACTIVITY
_MASK = As("number", "requested_permissions")

OBJECTS: dict[int, dict[str, Shape]] = {
    4656: {
        "File": _object(EventClass.FILE_ACTIVITY, 14, ObjectName="file.path"),
        "Key": _object(_KEY, 2, ObjectName="reg_key.path"),
        "Process": _object(_OPENED, 3, ObjectName="process.file.path", AccessMask=_MASK),
    },
    4663: {
        "File": _object(EventClass.FILE_ACTIVITY, 14, ObjectName="file.path"),
        "Key": _object(_KEY, 2, ObjectName="reg_key.path"),
        "Process": _object(_OPENED, 3, ObjectName="process.file.path", AccessMask=_MASK),
    },
}
"""Event id -> its field ObjectType -> shape; other objects stay Event Log rows."""

SECURITY: dict[int, Shape] = {
    1100: Shape(EventClass.EVENT_LOG, 7, {}, {"log_name": "Security"}),
    1102: Shape(EventClass.EVENT_LOG, 1, SUBJECT, {"log_name": "Security"}),
    104: Shape(EventClass.EVENT_LOG, 1, {**SUBJECT, "EventData.Channel": "log_name"}),
    4624: Shape(EventClass.AUTHENTICATION, 1, _LOGON, _SUCCESS),
    4625: Shape(
        EventClass.AUTHENTICATION,
        1,
        {**_LOGON, "SubStatus": As("failure", "status_code"), "Status": As("failure", "status_code")},
        _FAILURE,
    ),
    4634: Shape(EventClass.AUTHENTICATION, 2, _LOGON, _SUCCESS),
    4647: Shape(EventClass.AUTHENTICATION, 2, _LOGON, _SUCCESS),
    4648: Shape(EventClass.AUTHENTICATION, 1, {**_LOGON, "TargetServerName": "dst_endpoint.hostname"}, _SUCCESS),
    4672: Shape(
        EventClass.AUTHENTICATION,
        99,
        {
            "SubjectUserName": "user.name",
            "SubjectDomainName": "user.domain",
            "SubjectUserSid": "user.uid",
            "SubjectLogonId": "session.uid",
        },
        _SUCCESS,
    ),
    4768: Shape(EventClass.AUTHENTICATION, 3, _KERBEROS, _IS_KERBEROS),
    4769: Shape(EventClass.AUTHENTICATION, 4, _KERBEROS, _IS_KERBEROS),
    4770: Shape(EventClass.AUTHENTICATION, 5, _KERBEROS, {**_IS_KERBEROS, **_SUCCESS}),
    4771: Shape(EventClass.AUTHENTICATION, 3, _KERBEROS, {**_IS_KERBEROS, **_FAILURE}),
    4776: Shape(
        EventClass.AUTHENTICATION,
        1,
        {
            "TargetUserName": As("principal", "user"),
            "Workstation": "src_endpoint.hostname",
            "Status": As("status", "status_code"),
        },
        {"auth_protocol": "NTLM"},
    ),
    4688: Shape(
        EventClass.PROCESS_ACTIVITY,
        1,
        {  # the target goes first, the subject stands in
            "TargetUserName": "process.user.name",
            "TargetDomainName": "process.user.domain",
            "TargetUserSid": "process.user.uid",
            "TargetLogonId": As("session", "process.session.uid"),
            "SubjectUserName": ("actor.user.name", As("or_else", "process.user.name")),
            "SubjectDomainName": ("actor.user.domain", As("or_else", "process.user.domain")),
            "SubjectLogonId": ("actor.session.uid", As("or_else", "process.session.uid")),
            "SubjectUserSid": "actor.user.uid",
            "NewProcessName": "process.file.path",
            "NewProcessId": As("number", "process.pid"),
            "CommandLine": "process.cmd_line",
            "ProcessCommandLine": "process.cmd_line",
            "ProcessId": As("number", "process.parent_process.pid"),
            "ParentProcessName": "process.parent_process.file.path",
            "MandatoryLabel": As("integrity", "process.integrity"),
        },
    ),
    4689: Shape(
        EventClass.PROCESS_ACTIVITY,
        2,
        {
            **SUBJECT,
            "ProcessName": "process.file.path",
            "ProcessId": As("number", "process.pid"),
            "Status": As("number", "exit_code"),
        },
    ),
    4657: _object(
        EventClass.REGISTRY_VALUE_ACTIVITY,
        2,
        ObjectName="reg_value.path",
        ObjectValueName="reg_value.name",
        NewValue="reg_value.data",
        NewValueType="reg_value.type",
    ),
    4697: Shape(
        EventClass.WINDOWS_SERVICE_ACTIVITY,
        1,
        {
            **SUBJECT,
            "ServiceName": "win_service.name",
            "ServiceFileName": "win_service.cmd_line",
            "ServiceType": "win_service.service_type",
            "ServiceStartType": "win_service.service_start_type",
            "ServiceAccount": "win_service.service_start_name",
        },
    ),
    4698: _job(1),
    4699: _job(3),
    4700: _job(4),
    4701: _job(5),
    4702: _job(2),
    4720: _account(1),
    4722: _account(2),
    4723: _account(3),
    4724: _account(4),
    4725: _account(5),
    4726: _account(6),
    4738: _account(99),
    4740: _account(9),
    4741: _account(1),
    4742: _account(99),
    4743: _account(6),
    4767: _account(12),
    4781: _account(99),
    **_groups(6, 4727, 4731, 4744, 4749, 4754, 4759),
    **_groups(3, 4728, 4732, 4746, 4751, 4756, 4761),
    **_groups(4, 4729, 4733, 4747, 4752, 4757, 4762),
    **_groups(5, 4730, 4734, 4748, 4753, 4758, 4763),
    **_groups(99, 4735, 4737, 4745, 4750, 4755, 4760, 4764),
    **_packets(1, 5156),
    **_packets(5, 5152, 5157),
    **_packets(7, 5154, 5158),
}
"""Event id -> shape; what is not named here stays an Event Log row."""
