"""Sysmon's events, of Windows and of Linux: Microsoft's manual of Sysmon 15, whose manifest names the fields."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.events.windows.shape import As, Fields, Shape, Target

PROVIDERS = ("Microsoft-Windows-Sysmon", "Linux-Sysmon")

ACTOR: Fields = {
    "Image": "actor.process.file.path",
    "ProcessId": As("number", "actor.process.pid"),
    "ProcessGuid": "actor.process.uid",
    "User": As("account", "actor.user"),
}


def program(prefix: str) -> dict[str, Target]:
    """Return the fields that tell a program's own words: ``prefix`` is the path of the file object."""
    return {
        "Hashes": As("hashes", f"{prefix}.hashes.value"),
        "Company": f"{prefix}.company_name",
        "Description": f"{prefix}.desc",
        "Product": f"{prefix}.product.name",
        "OriginalFileName": f"{prefix}.internal_name",
        "FileVersion": f"{prefix}.version",
    }


_ACROSS: Fields = {  # one process does something to another
    "SourceImage": "actor.process.file.path",
    "SourceProcessId": As("number", "actor.process.pid"),
    "SourceProcessGuid": "actor.process.uid",
    "SourceProcessGUID": "actor.process.uid",
    "SourceUser": As("account", "actor.user"),
    "TargetImage": "process.file.path",
    "TargetProcessId": As("number", "process.pid"),
    "TargetProcessGuid": "process.uid",
    "TargetProcessGUID": "process.uid",
    "TargetUser": As("account", "process.user"),
}
_OF_PROCESS: Fields = {
    "Image": "process.file.path",
    "ProcessId": As("number", "process.pid"),
    "ProcessGuid": "process.uid",
    "User": As("account", "process.user"),
}
_FILE: Fields = {**ACTOR, "TargetFilename": "file.path", "Hashes": As("hashes", "file.hashes.value")}
_PIPE: Fields = {**ACTOR, "PipeName": "file.name"}
_NAMED_PIPE = {"file.type_id": 6}


def _file(activity: int, **more: Target) -> Shape:
    return Shape(EventClass.FILE_ACTIVITY, activity, {**_FILE, **more})


SYSMON: dict[int, Shape] = {
    1: Shape(
        EventClass.PROCESS_ACTIVITY,
        1,
        {
            **_OF_PROCESS,
            **program("process.file"),
            "CommandLine": "process.cmd_line",
            "CurrentDirectory": "process.working_directory",
            "LogonId": "process.session.uid",
            "IntegrityLevel": "process.integrity",
            "ParentImage": "process.parent_process.file.path",
            "ParentCommandLine": "process.parent_process.cmd_line",
            "ParentProcessId": As("number", "process.parent_process.pid"),
            "ParentProcessGuid": "process.parent_process.uid",
            "ParentUser": As("account_name", "process.parent_process.user.name"),
        },
    ),
    2: _file(6),
    3: Shape(
        EventClass.HOST_CONNECTION,
        1,
        {
            **ACTOR,
            "Protocol": "connection_info.protocol_name",
            "Initiated": As("initiated", "connection_info.direction_id"),
            "SourceIp": As("address", "src_endpoint.ip"),
            "SourcePort": As("number", "src_endpoint.port"),
            "SourceHostname": "src_endpoint.hostname",
            "DestinationIp": As("address", "dst_endpoint.ip"),
            "DestinationPort": As("number", "dst_endpoint.port"),
            "DestinationHostname": "dst_endpoint.hostname",
        },
    ),
    5: Shape(EventClass.PROCESS_ACTIVITY, 2, _OF_PROCESS),
    6: Shape(
        EventClass.KERNEL_EXTENSION_ACTIVITY,
        1,
        {"ImageLoaded": "driver.file.path", "Hashes": As("hashes", "driver.file.hashes.value")},
    ),
    7: Shape(EventClass.MODULE_ACTIVITY, 1, {**ACTOR, **program("module.file"), "ImageLoaded": "module.file.path"}),
    8: Shape(
        EventClass.PROCESS_ACTIVITY,
        4,
        {**_ACROSS, "StartModule": "module.file.path", "StartFunction": "module.function_name"},
    ),
    9: Shape(EventClass.FILE_ACTIVITY, 2, {**ACTOR, "Device": "file.path"}),
    10: Shape(EventClass.PROCESS_ACTIVITY, 3, {**_ACROSS, "GrantedAccess": As("number", "requested_permissions")}),
    11: _file(1),
    12: Shape(
        EventClass.REGISTRY_KEY_ACTIVITY,
        3,
        {**ACTOR, "TargetObject": "reg_key.path", "EventType": As("key_event", "activity_id")},
    ),
    13: Shape(
        EventClass.REGISTRY_VALUE_ACTIVITY,
        2,
        {**ACTOR, "TargetObject": As("registry_value", "reg_value"), "Details": "reg_value.data"},
    ),
    14: Shape(
        EventClass.REGISTRY_KEY_ACTIVITY, 5, {**ACTOR, "TargetObject": "prev_reg_key.path", "NewName": "reg_key.path"}
    ),
    15: _file(1, Hash=As("hashes", "file.hashes.value")),
    17: Shape(EventClass.FILE_ACTIVITY, 1, _PIPE, _NAMED_PIPE),
    18: Shape(EventClass.FILE_ACTIVITY, 14, _PIPE, _NAMED_PIPE),
    22: Shape(
        EventClass.DNS_ACTIVITY,
        6,
        {
            **ACTOR,
            "QueryName": "query.hostname",
            "QueryResults": As("dns_answers", "answers.rdata"),
            "QueryStatus": As("dns_status", "rcode_id"),
        },
    ),
    23: _file(4),
    25: Shape(EventClass.PROCESS_ACTIVITY, 4, {**_OF_PROCESS, "Type": "status_detail"}),
    26: _file(4),
    27: _file(1),
    28: _file(4),
    29: _file(1),
}
"""Event id -> shape. 4 (service), 16 (configuration), 19 to 21 (WMI), 24 (clipboard) and 255 (error) stay Event Log rows."""
