"""Audit events of the Kubernetes API server: who asked for what on which object, and whether it was allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

import polars as pl
from polars import col

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.clients import client_address
from vedette.events.json_fields import opened
from vedette.events.json_log import JsonLog
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.schema import EventClass

FIELDS: dict[str, tuple[str, ...]] = {
    "time": ("requestReceivedTimestamp", "stageTimestamp", "metadata.creationTimestamp", "timestamp"),
    "metadata.uid": ("auditID",),
    "api.operation": ("verb",),
    "api.version": ("objectRef.apiVersion",),
    "api.request.uid": ("auditID",),
    "api.request.data": ("requestObject",),
    "api.response.data": ("responseStatus",),
    "api.response.code": ("responseStatus.code",),
    "api.response.error_message": ("responseStatus.message",),
    "reason": ("responseStatus.reason",),
    "actor.user.name": ("user.username",),
    "actor.user.uid": ("user.uid",),
    "actor.session.issuer": ("impersonatedUser.username",),
    "address": ("sourceIPs.0",),
    "http_request.user_agent": ("userAgent",),
    "resource": ("objectRef.resource",),
    "part": ("objectRef.subresource",),
    "cloud.account.uid": ("_cluster", "cluster_name", "metadata.clusterName"),
    "name": ("objectRef.name", "responseObject.metadata.name", "requestObject.metadata.name"),
    "space": ("objectRef.namespace",),
    "uri": ("requestURI",),
    "asked": ("verb", "requestURI"),
}
UNMAPPED = (
    *(
        "verb",
        "stage",
        "level",
        "requestURI",
        "userAgent",
        "user.groups",
        "user.extra",
        "sourceIPs",
        "impersonatedUser.username",
    ),
    *(f"objectRef.{k}" for k in ("resource", "subresource", "namespace", "name", "apiGroup", "apiVersion")),
    *("responseStatus.code", "responseStatus.reason", "annotations"),
)
"""Fields kept under their own name: those that published rules ask for."""

_ACTS = {
    **dict.fromkeys(("get", "list", "watch", "head", "options"), 2),
    **dict.fromkeys(("create", "post", "proxy", "connect"), 1),
    **dict.fromkeys(("update", "patch", "put"), 3),
    **dict.fromkeys(("delete", "deletecollection"), 4),
}
_FIRST_ERROR = 400

_EXAMPLE = b"""\
{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a1","stage":"ResponseComplete","requestURI":\
"/api/v1/namespaces/shop/pods","verb":"create","user":{"username":"ada@shop.example","groups":["system:authenticated"]},"sourceIPs":\
["192.0.2.7"],"userAgent":"kubectl/v1.30.1","objectRef":{"resource":"pods","namespace":"shop","name":"web","apiVersion":"v1"},\
"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"Pod","spec":{"containers":[{"name":"web","image":"web:1"}]}},\
"requestReceivedTimestamp":"2026-03-05T08:01:12.123456Z","stageTimestamp":"2026-03-05T08:01:12.200000Z"}
{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a2","stage":"ResponseComplete","requestURI":\
"/api/v1/namespaces/shop/pods/web/exec?command=sh","verb":"create","user":{"username":"system:serviceaccount:shop:web"},"sourceIPs":\
["10.0.0.5"],"objectRef":{"resource":"pods","namespace":"shop","name":"web","apiVersion":"v1","subresource":"exec"},"responseStatus":\
{"code":101},"requestReceivedTimestamp":"2026-03-05T08:02:12.123456Z"}
{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a3","stage":"ResponseComplete","requestURI":\
"/api/v1/secrets","verb":"list","user":{"username":"system:serviceaccount:shop:web"},"sourceIPs":["10.0.0.5"],"objectRef":\
{"resource":"secrets","apiVersion":"v1"},"responseStatus":{"status":"Failure","reason":"Forbidden","code":403},\
"requestReceivedTimestamp":"2026-03-05T08:03:12.123456Z"}
"""


class Kubernetes(Source):
    """Reads Kubernetes audit events: JSON lines, ``EventList``, EKS and AKS (the event as text under ``properties.log``).

    All are API activity; the kind of event is verb and resource, as in ``create pods/exec``. Of the stages of a request only the last that
    the policy logs matters, and every one of them is a row.
    """

    name = "kubernetes"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.API_ACTIVITY,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "audit.log", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        if not record.startswith(b"{"):
            return False
        plain = b"audit.k8s.io/" in head or (b'"auditID"' in record and b'"objectRef"' in record)
        return plain or b'"category":"kube-audit' in record.replace(b'": "', b'":"')

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        paths = {**FIELDS, **{f"unmapped.{name}": (name,) for name in UNMAPPED}}
        yield from JsonLog(self.name, paths, ("asked",), _unwrapped).batches(records(stream), _split)


def _unwrapped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events out of what AKS wraps around them."""
    return [_one(r) for r in found]


def _one(record: dict[str, Any]) -> dict[str, Any]:
    around = record.get("properties")
    text = around.get("log") if isinstance(around, dict) else None
    inner = opened(text) if isinstance(text, str) else text
    return {**inner, "_cluster": record.get("resourceId")} if isinstance(inner, dict) else record


def _split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    yield EventClass.API_ACTIVITY, frame.with_columns(**_COMMON)


_CODE = col("api.response.code").cast(pl.Int32, strict=False)
_WHAT = (
    pl.when(col("part").is_not_null())
    .then(col("resource") + "/" + col("part"))
    .otherwise(pl.coalesce("resource", "uri"))
)
_PLACE = (
    pl.when(col("space").is_not_null()).then(col("space") + "/" + pl.coalesce("name", pl.lit("*"))).otherwise("name")
)
_WHO = col("actor.user.name")

_COMMON: dict[str, pl.Expr] = {
    "actor.user.email_addr": pl.when(_WHO.str.contains("@")).then(_WHO),
    "actor.user.type": pl.when(_WHO.str.starts_with("system:serviceaccount:"))
    .then(pl.lit("ServiceAccount"))
    .when(_WHO == "system:anonymous")
    .then(pl.lit("Anonymous"))
    .when(_WHO.str.starts_with("system:") | _WHO.str.starts_with("eks:") | _WHO.str.starts_with("aks"))
    .then(pl.lit("System"))
    .otherwise(pl.lit("User")),
    "src_endpoint.ip": client_address(col("address")),
    "api.service.name": pl.lit("kubernetes"),
    "api.response.error": pl.when(_CODE >= _FIRST_ERROR).then(pl.coalesce("reason", "api.response.code")),
    "status_id": pl.when(_CODE >= _FIRST_ERROR).then(2).when(_CODE.is_not_null()).then(1).cast(pl.Int32),
    "status_code": pl.coalesce("reason", "api.response.code"),
    "activity_id": col("api.operation").replace_strict(_ACTS, default=99, return_dtype=pl.Int32),
    "resources.name": _PLACE,
    "resources.type": col("resource"),
    "cloud.provider": pl.lit("Kubernetes"),
    "metadata.log_provider": pl.lit("kubernetes"),
    "metadata.product.name": pl.lit("Kubernetes"),
    "metadata.event_code": pl.format("{} {}", col("api.operation").fill_null("ask"), _WHAT.fill_null("something")),
}
