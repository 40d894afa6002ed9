"""AWS CloudTrail: who called which interface of which service, from where, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.clients import client_address, client_name
from vedette.events.json_fields import opened
from vedette.events.json_log import JsonLog
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.operations import READ, activity
from vedette.events.schema import EventClass

FIELDS: dict[str, tuple[str, ...]] = {
    "time": ("eventTime", "@timestamp"),
    "metadata.uid": ("eventID",),
    "api.operation": ("eventName",),
    "api.service.name": ("eventSource",),
    "api.version": ("apiVersion",),
    "api.request.uid": ("requestID",),
    "api.request.data": ("requestParameters",),
    "api.response.data": ("responseElements",),
    "api.response.error": ("errorCode",),
    "api.response.error_message": ("errorMessage",),
    "actor.user.uid": ("userIdentity.arn",),
    "actor.user.type": ("userIdentity.type",),
    "actor.user.account.uid": ("userIdentity.accountId",),
    "actor.user.credential_uid": ("userIdentity.accessKeyId",),
    "actor.session.is_mfa": ("userIdentity.sessionContext.attributes.mfaAuthenticated",),
    "actor.session.issuer": ("userIdentity.sessionContext.sessionIssuer.arn",),
    "actor.invoked_by": ("userIdentity.invokedBy",),
    "cloud.account.uid": ("recipientAccountId", "userIdentity.accountId"),
    "cloud.region": ("awsRegion",),
    "http_request.user_agent": ("userAgent",),
    "address": ("sourceIPAddress",),
    "read_only": ("readOnly",),
    "resources.uid": ("resources.0.ARN", "resources.0.arn"),
    "resources.type": ("resources.0.type",),
    "resources.name": tuple(
        f"requestParameters.{key}"
        for key in (
            *(
                "userName",
                "roleName",
                "groupName",
                "policyArn",
                "bucketName",
                "functionName",
                "secretId",
                "trailName",
                "name",
            ),
            *(
                "instanceId",
                "instancesSet.items.0.instanceId",
                "snapshotId",
                "imageId",
                "groupId",
                "dBSnapshotIdentifier",
            ),
            *(
                "dBInstanceIdentifier",
                "detectorId",
                "keyId",
                "roleArn",
                "flowLogIds",
                "documentName",
                "target",
                "modelId",
            ),
        )
    ),
}
"""Column -> where CloudTrail writes it; ``address`` and ``read_only`` are worked on below."""

UNMAPPED = (
    *("eventType", "eventCategory", "eventVersion", "readOnly", "managementEvent", "sharedEventID", "vpcEndpointId"),
    *("userIdentity.principalId", "userIdentity.userName", "userIdentity.identityProvider"),
    *(f"userIdentity.sessionContext.sessionIssuer.{k}" for k in ("type", "userName", "principalId")),
    *("userIdentity.sessionContext.attributes.creationDate", "userIdentity.sessionContext.ec2RoleDelivery"),
    *(f"additionalEventData.{k}" for k in ("MFAUsed", "LoginTo", "MobileVersion", "bytesTransferredOut", "SSEApplied")),
    *(
        f"requestParameters.{k}"
        for k in (
            *(
                "attribute",
                "attributeType",
                "bucketName",
                "key",
                "enable",
                "layers",
                "userName",
                "roleName",
                "roleArn",
                "policyArn",
            ),
            *(
                "policyDocument",
                "groupId",
                "instanceId",
                "instanceType",
                "userData",
                "name",
                "filterSet",
                "functionName",
            ),
            *(
                "containerDefinitions.command",
                "secretId",
                "documentName",
                "withDecryption",
                "publiclyAccessible",
                "snapshotId",
            ),
        )
    ),
    *("responseElements.ConsoleLogin", "responseElements.publiclyAccessible", "responseElements"),
    *("responseElements.pendingModifiedValues.masterUserPassword", "tlsDetails.tlsVersion", "serviceEventDetails"),
)
"""Fields kept under their own name: those that published rules ask for (``unmapped.NAME``)."""

MARKS = (
    *(b'"eventVersion"', b'"userIdentity"', b'"eventSource"', b'"eventName"', b'"awsRegion"', b'"eventCategory"'),
    *(b'"recipientAccountId"', b'"sourceIPAddress"', b'"eventID"'),
)
_MARKS_NEEDED = 3

_EXAMPLE = b"""\
{"Records":[
{"eventVersion":"1.10","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/ada",\
"accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"ada"},"eventTime":"2026-03-05T08:01:12Z",\
"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7",\
"userAgent":"aws-cli/2.15","requestParameters":null,"responseElements":null,"requestID":"R1","eventID":"E1","readOnly":true,\
"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"},
{"eventVersion":"1.10","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Deploy/bob@shop.example",\
"accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role",\
"arn":"arn:aws:iam::111122223333:role/Deploy","userName":"Deploy"},"attributes":{"mfaAuthenticated":"true"}}},\
"eventTime":"2026-03-05T08:02:30Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"eu-west-1",\
"sourceIPAddress":"192.0.2.8","userAgent":"aws-cli/2.15","errorCode":"AccessDenied","errorMessage":"not allowed",\
"requestParameters":{"name":"main"},"responseElements":null,"requestID":"R2","eventID":"E2","readOnly":false,\
"eventType":"AwsApiCall","recipientAccountId":"111122223333"},
{"eventVersion":"1.08","userIdentity":{"type":"Root","accountId":"111122223333"},"eventTime":"2026-03-05T08:03:00Z",\
"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.9",\
"userAgent":"Mozilla/5.0","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},\
"additionalEventData":{"MFAUsed":"No"},"eventID":"E3","eventType":"AwsConsoleSignIn","recipientAccountId":"111122223333"}
]}
"""


class CloudTrail(Source):
    """Reads CloudTrail records: delivered files ({"Records": ...}), lines, arrays, EventBridge events, and what ``lookup-events`` prints.

    The actor's name is the IAM user, ``root``, the service, or for a role the person whose address the session is named after, else the
    role: sessions of programs are named by chance. Sign-ins to the console are authentications, everything else is API activity.
    """

    name = "cloudtrail"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.API_ACTIVITY, EventClass.AUTHENTICATION)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "cloudtrail.json", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        return record.startswith(b"{") and (
            sum(mark in record for mark in MARKS) >= _MARKS_NEEDED or b'"CloudTrailEvent"' in record
        )

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        paths = {**FIELDS, **{f"unmapped.{name}": (name,) for name in UNMAPPED}}
        log = JsonLog(self.name, paths, ("api.operation", "api.service.name"), _unwrapped)
        yield from log.batches(records(stream), _split)


def _unwrapped(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records out of EventBridge's ``detail`` and the ``CloudTrailEvent`` texts of the command line."""
    if not any("detail" in r or "CloudTrailEvent" in r for r in records):
        return records
    inner = [r.get("detail") or opened(str(r.get("CloudTrailEvent", ""))) for r in records]
    return [i if isinstance(i, dict) else r for i, r in zip(inner, records, strict=True)]


def _split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    rows = frame.with_columns(**_COMMON).with_columns(**_STATUS)
    sign_in = col("api.operation").eq("ConsoleLogin") & col("api.service.name").eq("signin.amazonaws.com")
    calls = rows.filter(~sign_in)
    yield EventClass.API_ACTIVITY, calls
    yield (
        EventClass.AUTHENTICATION,
        rows.filter(sign_in).with_columns(
            col("actor.user.name").alias("user.name"),
            col("actor.user.uid").alias("user.uid"),
            col("actor.user.type").alias("user.type"),
            pl.lit(1, dtype=pl.Int32).alias("activity_id"),
            pl.lit("AWS console").alias("service.name"),
            pl.lit(value=True).alias("is_remote"),
            (col("unmapped.additionalEventData.MFAUsed") == "Yes").alias("is_mfa"),
        ),
    )


_TYPE = col("actor.user.type")
_SESSION = col("actor.user.uid").str.extract(r":assumed-role/(?:[^/]+/)*([^/]+)$")
_ROLE = pl.coalesce(
    "unmapped.userIdentity.sessionContext.sessionIssuer.userName",
    col("actor.user.uid").str.extract(r":assumed-role/([^/]+)/"),
)
_NAME = (
    pl.when(_TYPE == "Root")
    .then(pl.lit("root"))
    .when(_SESSION.str.contains("@"))
    .then(_SESSION)
    .otherwise(
        pl.coalesce(
            "unmapped.userIdentity.userName",
            _ROLE,
            "actor.invoked_by",
            col("actor.user.uid").str.extract(r"([^/:]+)$"),
            "unmapped.userIdentity.principalId",
            "actor.user.account.uid",
        )
    )
)
_FAILED = col("api.response.error").is_not_null() | (
    col("unmapped.responseElements.ConsoleLogin") == "Failure"
).fill_null(value=False)

_COMMON: dict[str, pl.Expr] = {
    "actor.user.name": _NAME,
    "actor.user.email_addr": pl.when(_SESSION.str.contains("@")).then(_SESSION),
    "src_endpoint.ip": client_address(col("address")),
    "src_endpoint.hostname": client_name(col("address")),
    "cloud.provider": pl.lit("AWS"),
    "metadata.log_provider": pl.lit("cloudtrail"),
    "metadata.product.name": pl.lit("CloudTrail"),
    "metadata.event_code": col("api.operation"),
    "activity_id": pl.when(col("read_only") == "true")
    .then(pl.lit(READ, dtype=pl.Int32))
    .otherwise(activity(col("api.operation"))),
}
_STATUS: dict[str, pl.Expr] = {
    "status_id": pl.when(_FAILED).then(2).otherwise(1).cast(pl.Int32),
    "status_code": col("api.response.error"),
    "status_detail": col("api.response.error_message"),
}
