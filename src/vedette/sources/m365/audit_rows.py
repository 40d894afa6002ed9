"""Fields of the unified audit log -> OCSF, by workload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from polars import col

from vedette.events import directory
from vedette.events.clients import client_address, client_port
from vedette.events.operations import activity
from vedette.events.schema import EventClass

PATHS: dict[str, tuple[str, ...]] = {
    "time": ("CreationTime", "TimeGenerated"),
    "operation": ("Operation",),
    "user": ("UserId",),
    "metadata.uid": ("Id", "OfficeId"),
    "workload": ("Workload", "OfficeWorkload"),
    "address": ("ClientIP", "ClientIPAddress", "Client_IPAddress", "ActorIpAddress"),
    "result": ("ResultStatus",),
    "status_detail": ("LogonError", "ResultReasonType"),
    "kind_of_user": ("UserType",),
    "actor.user.uid": ("UserKey",),
    "actor.app_name": ("ApplicationId", "AppId", "ClientAppId"),
    "cloud.account.uid": ("OrganizationId",),
    "http_request.user_agent": ("_extended.UserAgent", "UserAgent", "_agent", "ClientInfoString"),
    "device.hostname": ("_device.DisplayName",),
    "system": ("_device.OS",),
    "session.uid": ("_device.SessionId", "SessionId"),
    "request_type": ("_extended.RequestType",),
    "method": ("_extended.UserAuthenticationMethod",),
    "object": ("ObjectId", "MailboxOwnerUPN", "OfficeObjectId"),
    "details": ("_details",),
    "role": ("_flat.Role.DisplayName",),
    "group": ("_flat.Group.DisplayName", "TargetUserOrGroupName"),
    "mailbox": ("MailboxOwnerUPN",),
    "file.name": ("SourceFileName",),
    "file.size": ("FileSizeBytes",),
    "share": ("SiteUrl",),
    **{
        f"unmapped.{name}": (name,)
        for name in (
            *(
                "RecordType",
                "UserType",
                "UserKey",
                "UserId",
                "ObjectId",
                "Parameters",
                "ModifiedProperties",
                "ExtendedProperties",
            ),
            *(
                "OperationProperties",
                "ResultStatus",
                "Workload",
                "ApplicationId",
                "AppId",
                "ClientAppId",
                "ClientInfoString",
            ),
            *(
                "LogonType",
                "LogonError",
                "ErrorNumber",
                "ExternalAccess",
                "OriginatingServer",
                "OrganizationName",
                "MailboxOwnerUPN",
            ),
            *(
                "SourceFileName",
                "SourceRelativeUrl",
                "SourceFileExtension",
                "SiteUrl",
                "EventData",
                "TargetUserOrGroupName",
            ),
            *(
                "TargetUserOrGroupType",
                "ItemType",
                "SessionId",
                "Item",
                "OperationCount",
                "Directionality",
                "DeliveryAction",
            ),
            *(
                "RequestType",
                "Name",
                "Severity",
                "Category",
                "AlertType",
                "Data",
                "AzureActiveDirectoryEventType",
                "Target",
                "Actor",
            ),
        )
    },
}
"""Column -> where it stands; those without a dot that are no path of OCSF are worked on below."""

USER_TYPES = {
    "0": "Regular",
    "1": "Reserved",
    "2": "Admin",
    "3": "DcAdmin",
    "4": "System",
    "5": "Application",
    "6": "ServicePrincipal",
    "7": "CustomPolicy",
    "8": "SystemPolicy",
}
"""Numbers of UserType; DcAdmin and System are the service itself."""

_NAMES_OF_ITS = (
    r"S-1-5-18$",
    r"NT AUTHORITY\\",
    r"SHAREPOINT\\system$",
    r"app@sharepoint$",
    r"Microsoft\\",
    r"fim_password_service@support\.onmicrosoft\.com$",
)
_ITSELF = rf"(?i)^(?:{'|'.join(_NAMES_OF_ITS)})"
"""Names under which the service itself acts, whatever it says of their type."""

_LISTS = {
    "Parameters": "Value",
    "ModifiedProperties": "NewValue",
    "ExtendedProperties": "Value",
    "DeviceProperties": "Value",
    "OperationProperties": "Value",
}
"""Lists of names and values -> the key of the value."""
_TOLD = ("EventData", "Item", "TargetUserOrGroupName", "MailboxOwnerUPN", "ObjectId")
_FILES = r"^(?:File|Folder|AnonymousLink|Sharing|SecureLink|CompanyLink|AddedToSecureLink|PageViewed)"
_FAILED = ("failed", "false", "failure")
_LOGON, _LOGOFF = 1, 2


def unfolded(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with their lists of names and values as objects: ``_details`` holds what an operation did."""
    return [{**r, **_lists(r)} for r in records]


def _lists(record: dict[str, Any]) -> dict[str, Any]:
    found = {key: _pairs(record[key], value) for key, value in _LISTS.items() if type(record.get(key)) is list}
    changed, extended = found.get("ModifiedProperties", {}), found.get("ExtendedProperties", {})
    told = {key: found[key] for key in ("Parameters", "ModifiedProperties", "OperationProperties") if found.get(key)}
    told |= {key: record[key] for key in _TOLD if record.get(key)}
    agent = extended.get("additionalDetails")
    return {
        "_details": told,
        "_flat": _tree(changed),
        "_extended": extended,
        "_device": found.get("DeviceProperties", {}),
        "_agent": agent.partition('"User-Agent":"')[2].partition('"')[0] if type(agent) is str else None,
    }


def _pairs(items: list[Any], value: str) -> dict[str, Any]:
    return {str(i.get("Name")): i.get(value) for i in items if type(i) is dict}


def _tree(flat: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return `Role.DisplayName: x` as `Role: {DisplayName: x}`."""
    out: dict[str, dict[str, Any]] = {}
    for name, value in flat.items():
        first, dot, rest = name.partition(".")
        if dot:
            out.setdefault(first, {})[rest] = value
    return out


def split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    """Yield the rows of each class."""
    rows = frame.with_columns(**_DERIVED).with_columns(**_COMMON)
    sign_in = col("operation").is_in(("UserLoggedIn", "UserLoginFailed", "MailboxLogin", "TeamsSessionStarted"))
    files = col("operation").str.contains(_FILES) & col("workload").is_in(("SharePoint", "OneDrive", "MicrosoftTeams"))
    kind = pl.when(sign_in).then(int(EventClass.AUTHENTICATION)).when(files).then(int(EventClass.FILE_HOSTING))
    rows = rows.with_columns(kind=kind.otherwise(directory.kind(col("operation"))))
    for (number,), part in rows.group_by("kind", maintain_order=True):
        one = EventClass(int(str(number)))
        yield one, part.with_columns(**_OF_CLASS[one])


_USER = pl.when(col("user").str.contains("@")).then(col("user").str.to_lowercase()).otherwise(col("user"))
_OBJECT = pl.when(col("object").str.contains("@")).then(col("object").str.to_lowercase()).otherwise(col("object"))
_HAS_FAILED = col("result").str.to_lowercase().is_in(_FAILED) | (col("operation") == "UserLoginFailed")

_DERIVED: dict[str, pl.Expr] = {
    "details": pl.coalesce("details", "unmapped.Parameters", "unmapped.ModifiedProperties"),
    "user": _USER,
    "object": _OBJECT,
}
_COMMON: dict[str, pl.Expr] = {
    "actor.user.name": col("user"),
    "actor.user.email_addr": pl.when(col("user").str.contains("@")).then("user"),
    "actor.user.type": pl.when(col("user").str.contains(_ITSELF))
    .then(pl.lit("System"))
    .otherwise(col("kind_of_user").replace(USER_TYPES)),
    "src_endpoint.ip": client_address(col("address")),
    "src_endpoint.port": client_port(col("address")),
    "cloud.provider": pl.lit("Microsoft 365"),
    "metadata.log_provider": pl.lit("m365"),
    "metadata.product.name": pl.lit("Microsoft 365"),
    "metadata.event_code": col("operation"),
    "status_id": pl.when(_HAS_FAILED).then(2).when(col("result").is_not_null()).then(1).cast(pl.Int32),
    "status_code": col("result"),
}
_CHANGE: dict[str, pl.Expr] = {
    "activity_id": directory.activity_of(col("operation")),
    "user.name": col("object"),
    "unmapped": col("details"),
}
_OF_CLASS: dict[EventClass, dict[str, pl.Expr]] = {
    EventClass.AUTHENTICATION: {
        "activity_id": pl.lit(_LOGON, dtype=pl.Int32),
        "user.name": col("user"),
        "user.uid": col("actor.user.uid"),
        "user.email_addr": col("actor.user.email_addr"),
        "service.name": col("actor.app_name"),
        "is_remote": pl.lit(value=True),
        "vedette.auth_method": col("method"),
        "auth_protocol": col("request_type"),
    },
    EventClass.FILE_HOSTING: {
        "activity_id": activity(col("operation").str.replace("^(?:File|Folder)", "")),
        "vedette.operation": col("operation"),
        "file.path": col("object"),
        "file.url.url_string": pl.when(col("object").str.starts_with("http")).then("object"),
        "unmapped": col("details"),
    },
    EventClass.ACCOUNT_CHANGE: _CHANGE,
    EventClass.USER_ACCESS: {
        **_CHANGE,
        "privileges": pl.when(col("role").is_not_null()).then(pl.concat_list(col("role").str.strip_chars('[]" \r\n'))),
        "resource.name": col("role").str.strip_chars('[]" \r\n'),
    },
    EventClass.GROUP_MANAGEMENT: {**_CHANGE, "group.name": col("group").str.strip_chars('[]" \r\n')},
    EventClass.API_ACTIVITY: {
        "api.operation": col("operation"),
        "api.service.name": col("workload"),
        "api.request.data": col("details"),
        "api.response.error": pl.when(_HAS_FAILED).then(pl.coalesce("status_detail", "result")),
        "activity_id": activity(col("operation")),
        "resources.name": col("object"),
    },
}
