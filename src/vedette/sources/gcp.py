"""Google Cloud audit logs: entries with a ``protoPayload``, as Cloud Logging exports them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.clients import client_address, client_name
from vedette.events.json_log import JsonLog
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.operations import activity
from vedette.events.schema import EventClass

_P = "protoPayload."

FIELDS: dict[str, tuple[str, ...]] = {
    "time": ("timestamp", f"{_P}requestMetadata.requestAttributes.time", "receiveTimestamp"),
    "metadata.uid": ("insertId",),
    "api.operation": (f"{_P}methodName",),
    "api.service.name": (f"{_P}serviceName",),
    "api.request.data": ("_details",),
    "api.response.error_message": (f"{_P}status.message",),
    "code": (f"{_P}status.code",),
    "principal": (
        f"{_P}authenticationInfo.principalEmail",
        f"{_P}authenticationInfo.principalSubject",
        f"{_P}authenticationInfo.authoritySelector",
    ),
    "actor.user.uid": (f"{_P}authenticationInfo.principalSubject",),
    "actor.user.credential_uid": (f"{_P}authenticationInfo.serviceAccountKeyName",),
    "actor.session.issuer": (
        f"{_P}authenticationInfo.serviceAccountDelegationInfo.0.firstPartyPrincipal.principalEmail",
    ),
    "address": (f"{_P}requestMetadata.callerIp", f"{_P}requestMetadata.callerIP"),
    "http_request.user_agent": (f"{_P}requestMetadata.callerSuppliedUserAgent",),
    "cloud.project_uid": ("resource.labels.project_id",),
    "cloud.account.uid": ("resource.labels.organization_id", "resource.labels.project_id"),
    "cloud.region": ("resource.labels.location", f"{_P}resourceLocation.currentLocations.0", "resource.labels.zone"),
    "resources.name": (f"{_P}resourceName",),
    "resources.type": ("resource.type",),
}
UNMAPPED = (
    *("severity", "logName", "resource.type"),
    *(
        _P + name
        for name in (
            *(
                "methodName",
                "serviceName",
                "resourceName",
                "authorizationInfo",
                "status.message",
                "status.code",
                "logName",
            ),
            *(
                "authorizationInfo.0.permission",
                "authorizationInfo.0.granted",
                "metadata.event.0.eventName",
                "resource.type",
            ),
            *("authenticationInfo.principalSubject", "metadata.violationReason"),
        )
    ),
)
"""Fields kept under their own name: those that published rules ask for."""

_DETAILS = ("request", "serviceData", "metadata", "authorizationInfo", "response")

_LOGON, _LOGOFF = 1, 2

_EXAMPLE = b"""\
{"insertId":"a1","logName":"projects/shop/logs/cloudaudit.googleapis.com%2Factivity","protoPayload":{"@type":\
"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"ada@shop.example"},"authorizationInfo":\
[{"granted":true,"permission":"logging.sinks.delete","resource":"projects/shop/sinks/all"}],"methodName":\
"google.logging.v2.ConfigServiceV2.DeleteSink","requestMetadata":{"callerIp":"192.0.2.7","callerSuppliedUserAgent":"gcloud"},\
"resourceName":"projects/shop/sinks/all","serviceName":"logging.googleapis.com","status":{}},"resource":{"labels":{"project_id":\
"shop"},"type":"logging_sink"},"severity":"NOTICE","timestamp":"2026-03-05T08:01:12.123456789Z"}
{"insertId":"a2","logName":"projects/shop/logs/cloudaudit.googleapis.com%2Fdata_access","protoPayload":{"authenticationInfo":\
{"principalEmail":"app@shop.iam.gserviceaccount.com"},"methodName":"storage.objects.get","requestMetadata":{"callerIp":"192.0.2.8"},\
"resourceName":"projects/_/buckets/b/objects/o","serviceName":"storage.googleapis.com","status":{"code":7,"message":\
"PERMISSION_DENIED"}},"resource":{"labels":{"location":"eu","project_id":"shop"},"type":"gcs_bucket"},"timestamp":\
"2026-03-05T08:02:00Z"}
{"insertId":"a3","protoPayload":{"authenticationInfo":{"principalEmail":"bob@shop.example"},"methodName":\
"google.login.LoginService.loginFailure","requestMetadata":{"callerIp":"198.51.100.9"},"serviceName":"login.googleapis.com",\
"resourceName":"organizations/1"},"resource":{"type":"audited_resource"},"timestamp":"2026-03-05T08:03:00Z"}
"""


class Gcp(Source):
    """Reads audit entries of Google Cloud and Workspace: JSON lines and arrays (Cloud Logging, Pub/Sub, ``gcloud logging read``).

    Sign-ins of Workspace are authentications, everything else is API activity. ``api.request.data`` holds request, policy change, metadata
    and the permissions that were asked for.
    """

    name = "gcp"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.API_ACTIVITY, EventClass.AUTHENTICATION)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "gcp-audit.json", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        return record.startswith(b"{") and b'"protoPayload"' in record

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        paths = {**FIELDS, **{f"unmapped.{name}": (name,) for name in UNMAPPED}}
        log = JsonLog(self.name, paths, ("api.operation",), _unwrapped)
        yield from log.batches(records(stream), _split)


def _unwrapped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_one(r) for r in found]


def _one(record: dict[str, Any]) -> dict[str, Any]:
    inner = record.get("data")
    entry = inner if isinstance(inner, dict) and "protoPayload" in inner else record
    payload = entry.get("protoPayload")
    if not isinstance(payload, dict):
        return entry
    return {**entry, "_details": {k: payload[k] for k in _DETAILS if payload.get(k)}}


def _split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    rows = frame.with_columns(**_COMMON)
    sign_in = (col("api.service.name") == "login.googleapis.com").fill_null(value=False)
    yield EventClass.API_ACTIVITY, rows.filter(~sign_in)
    yield (
        EventClass.AUTHENTICATION,
        rows.filter(sign_in).with_columns(
            col("actor.user.name").alias("user.name"),
            pl.when(_METHOD.str.contains("logout")).then(_LOGOFF).otherwise(_LOGON).cast(pl.Int32).alias("activity_id"),
            pl.when(_METHOD.str.contains("fail|challenge|denied"))
            .then(2)
            .otherwise(1)
            .cast(pl.Int32)
            .alias("status_id"),
            pl.lit("Google Workspace").alias("service.name"),
            pl.lit(value=True).alias("is_remote"),
        ),
    )


_METHOD = col("api.operation").str.to_lowercase()
_NOT_GRANTED = (col("unmapped.protoPayload.authorizationInfo.0.granted") == "false").fill_null(value=False)
_FAILED = (col("code").is_not_null() & (col("code") != "0")) | _NOT_GRANTED
_WHO = pl.when(col("principal").str.contains("@")).then(col("principal").str.to_lowercase()).otherwise("principal")

_COMMON: dict[str, pl.Expr] = {
    "actor.user.name": _WHO,
    "actor.user.email_addr": pl.when(_WHO.str.contains("@")).then(_WHO),
    "actor.user.type": pl.when(_WHO.str.ends_with("gserviceaccount.com"))
    .then(pl.lit("ServiceAccount"))
    .otherwise(pl.lit("User")),
    "src_endpoint.ip": client_address(col("address")),
    "src_endpoint.hostname": client_name(col("address")),
    "api.response.error": pl.when(_FAILED).then(
        pl.coalesce("api.response.error_message", "code", pl.lit("permission not granted"))
    ),
    "api.response.code": col("code").cast(pl.Int32, strict=False),
    "status_id": pl.when(_FAILED).then(2).otherwise(1).cast(pl.Int32),
    "status_code": col("code"),
    "cloud.provider": pl.lit("Google Cloud"),
    "metadata.log_provider": pl.lit("gcp"),
    "metadata.product.name": pl.lit("Google Cloud"),
    "metadata.event_code": col("api.operation"),
    "activity_id": activity(col("api.operation")),
}
