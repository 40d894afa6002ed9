"""Okta's system log: sign-ins, accounts, groups, rights and the administration of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.clients import client_address
from vedette.events.json_log import JsonLog
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.operations import activity
from vedette.events.schema import EventClass

FIELDS: dict[str, tuple[str, ...]] = {
    "time": ("published",),
    "metadata.uid": ("uuid",),
    "operation": ("eventType",),
    "message": ("displayMessage",),
    "who": ("actor.alternateId", "actor.displayName", "actor.id"),
    "actor.user.uid": ("actor.id",),
    "actor.user.type": ("actor.type",),
    "whom": ("_user.alternateId", "_user.displayName"),
    "user.uid": ("_user.id",),
    "group.name": ("_group.displayName",),
    "group.uid": ("_group.id",),
    "app": ("_app.displayName", "_app.alternateId"),
    "address": ("client.ipAddress", "request.ipChain.0.ip"),
    "src_endpoint.location.city": ("client.geographicalContext.city",),
    "src_endpoint.location.country": ("client.geographicalContext.country",),
    "src_endpoint.autonomous_system.number": ("securityContext.asNumber",),
    "http_request.user_agent": ("client.userAgent.rawUserAgent",),
    "device.hostname": ("_device.displayName",),
    "outcome": ("outcome.result",),
    "status_detail": ("outcome.reason",),
    "session": ("authenticationContext.externalSessionId", "authenticationContext.rootSessionId"),
    "vedette.auth_method": ("_factor", "authenticationContext.credentialType", "debugContext.debugData.factor"),
    "vedette.risk": (
        "debugContext.debugData.risk",
        "debugContext.debugData.threatSuspected",
        "debugContext.debugData.logOnlySecurityData",
    ),
    "privilege": ("debugContext.debugData.privilegeGranted", "_role.displayName"),
    "resources.name": ("target.0.displayName", "target.0.alternateId"),
    "resources.type": ("target.0.type",),
    "details": ("_details",),
}
UNMAPPED = (
    *("eventType", "legacyEventType", "severity", "displayMessage", "outcome.result", "outcome.reason", "target"),
    *(
        "actor.alternateId",
        "actor.displayName",
        "actor.type",
        "client.zone",
        "client.device",
        "client.userAgent.os",
        "client.userAgent.browser",
    ),
    *("target.0.displayName", "target.0.alternateId", "target.0.type", "transaction.type", "transaction.id"),
    *("securityContext.isProxy", "securityContext.asOrg", "securityContext.isp", "securityContext.domain"),
    *(
        f"debugContext.debugData.{k}"
        for k in ("requestUri", "behaviors", "logOnlySecurityData", "risk", "threatSuspected", "factor")
    ),
    *(
        "authenticationContext.credentialProvider",
        "authenticationContext.credentialType",
        "authenticationContext.externalSessionId",
    ),
)
"""Fields kept under their own name: those that published rules ask for."""

KINDS: tuple[tuple[EventClass, int | None, str], ...] = (
    (EventClass.AUTHENTICATION, 2, r"user\.session\.end"),
    (
        EventClass.AUTHENTICATION,
        1,
        r"user\.session\.start|user\.authentication\.|policy\.evaluate_sign_on|app\.oauth2\.(?:signon|token)",
    ),
    (
        EventClass.AUTHENTICATION,
        1,
        r"user\.mfa\.(?:okta_verify|attempt_bypass|factor\.(?:challenge|verify))|system\.push\.send_factor_verify_push",
    ),
    (EventClass.GROUP_MANAGEMENT, 3, r"group\.user_membership\.add"),
    (EventClass.GROUP_MANAGEMENT, 4, r"group\.user_membership\.remove"),
    (EventClass.GROUP_MANAGEMENT, 1, r"group\.privilege\.grant"),
    (EventClass.GROUP_MANAGEMENT, 2, r"group\.privilege\.revoke"),
    (
        EventClass.USER_ACCESS,
        1,
        r"user\.account\.privilege\.grant|application\.user_membership\.add|iam\.resourceset\.bindings\.add",
    ),
    (EventClass.USER_ACCESS, 2, r"user\.account\.privilege\.revoke|application\.user_membership\.remove"),
    (EventClass.ACCOUNT_CHANGE, 1, r"user\.lifecycle\.create"),
    (EventClass.ACCOUNT_CHANGE, 2, r"user\.lifecycle\.(?:activate|reactivate|unsuspend)"),
    (EventClass.ACCOUNT_CHANGE, 3, r"user\.account\.update_password"),
    (EventClass.ACCOUNT_CHANGE, 4, r"user\.account\.(?:reset_password|expire_password)"),
    (EventClass.ACCOUNT_CHANGE, 5, r"user\.lifecycle\.(?:deactivate|suspend)"),
    (EventClass.ACCOUNT_CHANGE, 6, r"user\.lifecycle\.delete"),
    (EventClass.ACCOUNT_CHANGE, 9, r"user\.account\.lock"),
    (EventClass.ACCOUNT_CHANGE, 10, r"user\.mfa\.factor\.activate"),
    (EventClass.ACCOUNT_CHANGE, 11, r"user\.mfa\.factor\.(?:deactivate|reset_all|suspend)"),
    (EventClass.ACCOUNT_CHANGE, 99, r"user\.account\.|user\.lifecycle\.|user\.mfa\."),
)
"""Class, its activity, and how such event types begin; everything else is API activity."""

_PARTS = {
    "User": "_user",
    "AppUser": "_user",
    "UserGroup": "_group",
    "AppInstance": "_app",
    "ROLE": "_role",
    "Device": "_device",
}
_FAILED = ("FAILURE", "DENY", "UNANSWERED")

_EXAMPLE = b"""\
{"actor":{"id":"u1","type":"User","alternateId":"ada@shop.example","displayName":"Ada"},"client":{"userAgent":{"rawUserAgent":\
"Mozilla/5.0","os":"Linux","browser":"FIREFOX"},"zone":"null","device":"Computer","ipAddress":"192.0.2.7","geographicalContext":\
{"city":"Ghent","country":"Belgium"}},"authenticationContext":{"externalSessionId":"s1"},"displayMessage":"User login to Okta",\
"eventType":"user.session.start","outcome":{"result":"SUCCESS"},"published":"2026-03-05T08:01:12.123Z","severity":"INFO",\
"securityContext":{"asNumber":64496,"isProxy":false},"transaction":{"type":"WEB","id":"t1"},"uuid":"e1","version":"0","target":null}
{"actor":{"id":"u1","type":"User","alternateId":"ada@shop.example","displayName":"Ada"},"client":{"ipAddress":"192.0.2.7"},\
"displayMessage":"Grant user privilege","eventType":"user.account.privilege.grant","outcome":{"result":"SUCCESS"},"published":\
"2026-03-05T08:02:12.123Z","severity":"INFO","debugContext":{"debugData":{"privilegeGranted":"Super administrator"}},"uuid":"e2",\
"legacyEventType":"core.user.admin_privilege.granted","version":"0","target":[{"id":"u2","type":"User","alternateId":"bob@shop.example"}]}
{"actor":{"id":"u1","type":"User","alternateId":"ada@shop.example","displayName":"Ada"},"client":{"ipAddress":"192.0.2.7"},\
"displayMessage":"Create API token","eventType":"system.api_token.create","outcome":{"result":"SUCCESS"},"published":\
"2026-03-05T08:03:12.123Z","severity":"INFO","uuid":"e3","version":"0","target":[{"id":"k1","type":"Token","displayName":"sync"}]}
"""


class Okta(Source):
    """Reads the system log of Okta: JSON lines and arrays, as its API and EventBridge (``detail``) give them.

    Sign-ins and second factors are authentications, changes of accounts, groups and rights have their classes, everything else is API
    activity. ``user`` is whom it was done to, ``actor.user`` who did it.
    """

    name = "okta"
    emits: ClassVar[tuple[EventClass, ...]] = (
        EventClass.API_ACTIVITY,
        EventClass.AUTHENTICATION,
        EventClass.ACCOUNT_CHANGE,
        EventClass.GROUP_MANAGEMENT,
        EventClass.USER_ACCESS,
    )

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "okta.json", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        marks = (
            b'"eventType"',
            b'"published"',
            b'"actor"',
            b'"outcome"',
            b'"legacyEventType"',
            b'"displayMessage"',
            b'"alternateId"',
        )
        return record.startswith(b"{") and b'"eventType"' in record and sum(m in record for m in marks) >= 4  # noqa: PLR2004

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        paths = {**FIELDS, **{f"unmapped.{name}": (name,) for name in UNMAPPED}}
        yield from JsonLog(self.name, paths, ("operation",), _unfolded).batches(records(stream), _split)


def _unfolded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_one(r) for r in found]


def _one(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with the first target of each kind under a name of its own."""
    inner = record.get("detail")
    entry = inner if isinstance(inner, dict) and "eventType" in inner else record
    targets = [t for t in entry.get("target") or () if isinstance(t, dict)]
    told: dict[str, Any] = {_PARTS[k]: t for t in reversed(targets) if (k := str(t.get("type"))) in _PARTS}
    factors = [t.get("displayName") for t in targets if t.get("type") == "AuthenticatorEnrollment"]
    details = {k: entry[k] for k in ("target", "debugContext", "outcome") if entry.get(k)}
    return {**entry, **told, "_factor": factors[0] if factors else None, "_details": details}


def _split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    rows = frame.with_columns(**_COMMON, **_kinds())
    for (number,), part in rows.group_by("kind", maintain_order=True):
        kind = EventClass(int(str(number)))
        yield kind, part.with_columns(**_OF_CLASS[kind])


def _kinds() -> dict[str, pl.Expr]:
    kind, act = pl.lit(int(EventClass.API_ACTIVITY)), activity(col("operation"))
    for one, number, names in reversed(KINDS):
        here = col("operation").str.contains(rf"^(?:{names})")
        kind = pl.when(here).then(pl.lit(int(one))).otherwise(kind)
        act = pl.when(here).then(pl.lit(number, dtype=pl.Int32)).otherwise(act)
    return {"kind": kind, "activity_id": act}


def _lower(name: str) -> pl.Expr:
    return pl.when(col(name).str.contains("@")).then(col(name).str.to_lowercase()).otherwise(name)


_COMMON: dict[str, pl.Expr] = {
    "actor.user.name": _lower("who"),
    "actor.user.email_addr": pl.when(col("who").str.contains("@")).then(_lower("who")),
    "actor.session.uid": col("session"),
    "src_endpoint.ip": client_address(col("address")),
    "status_id": pl.when(col("outcome").is_in(_FAILED))
    .then(2)
    .when(col("outcome").is_not_null())
    .then(1)
    .cast(pl.Int32),
    "status_code": col("outcome"),
    "cloud.provider": pl.lit("Okta"),
    "metadata.log_provider": pl.lit("okta"),
    "metadata.product.name": pl.lit("Okta"),
    "metadata.event_code": col("operation"),
}
_TO = {"user.name": _lower("whom"), "unmapped": col("details")}
_OF_CLASS: dict[EventClass, dict[str, pl.Expr]] = {
    EventClass.AUTHENTICATION: {
        "user.name": _lower("who"),
        "user.uid": col("actor.user.uid"),
        "user.email_addr": pl.when(col("who").str.contains("@")).then(_lower("who")),
        "session.uid": col("session"),
        "service.name": pl.coalesce("app", pl.lit("Okta")),
        "is_mfa": col("operation").str.contains("mfa|factor") | col("vedette.auth_method").is_not_null(),
        "is_remote": pl.lit(value=True),
    },
    EventClass.ACCOUNT_CHANGE: _TO,
    EventClass.GROUP_MANAGEMENT: {
        **_TO,
        "privileges": pl.when(col("privilege").is_not_null()).then(pl.concat_list("privilege")),
    },
    EventClass.USER_ACCESS: {
        **_TO,
        "privileges": pl.when(col("privilege").is_not_null()).then(pl.concat_list("privilege")),
        "resource.name": pl.coalesce("privilege", "app"),
    },
    EventClass.API_ACTIVITY: {
        "api.operation": col("operation"),
        "api.service.name": pl.lit("okta"),
        "api.request.data": col("details"),
        "api.response.error": pl.when(col("outcome").is_in(_FAILED)).then(pl.coalesce("status_detail", "outcome")),
    },
}
