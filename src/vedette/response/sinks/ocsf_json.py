"""OCSF events as JSON lines: one nested object a row, as any OCSF reader takes them."""

from __future__ import annotations

import polars as pl

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.events.schema import WINDOWS, EventClass
from vedette.response.json_lines import MEMBERS, json_lines

VERSION = "1.8.0"
PRODUCT = "Vedette"
SEVERITIES = dict(enumerate(("Unknown", "Informational", "Low", "Medium", "High", "Critical", "Fatal")))
ARRAYS = frozenset(
    {
        "answers",
        "attacks",
        "email.files",
        "email.urls",
        "evidences",
        "file.hashes",
        "finding_info.attacks",
        "finding_info.related_events",
        "finding_info_list",
        "ja4_fingerprint_list",
        "observables",
        "osint",
    }
)
"""Paths that are arrays of objects: the List columns below are their members, index by index; other columns make an array of one."""
_CONNECTION = {n: f"unmapped.vedette.{n}" for n in ("connection_info", "app_protocol_name")}
_FINDING = {
    "src_endpoint": "evidences.src_endpoint",
    "dst_endpoint": "evidences.dst_endpoint",
    "connection_info": "evidences.connection_info",
    "app_protocol_name": "unmapped.vedette.app_protocol_name",
    "risk_score": "unmapped.vedette.risk_score",
}
ELSEWHERE: dict[EventClass, dict[str, str]] = {
    EventClass.AUTHENTICATION: _CONNECTION,
    EventClass.EMAIL_ACTIVITY: _CONNECTION,
    EventClass.EVENT_LOG: _CONNECTION,
    EventClass.HTTP_ACTIVITY: {"user": "actor.user"},
    EventClass.DETECTION_FINDING: _FINDING,
    EventClass.OWN_FINDING: _FINDING,
}
"""First element of a path -> where the class has it instead."""
EVERYWHERE = {"vedette": "unmapped.vedette"}


class OcsfJson(Sink):
    """JSON lines of OCSF 1.8 objects; nulls are left out, times are milliseconds since the epoch (``timestamp_t``)."""

    name = "ocsf_json"
    media_type = "application/x-ndjson"

    def encode(self, batch: EventBatch) -> bytes:
        if not len(batch):
            return b""
        rows = _with_class(batch)
        elsewhere = ELSEWHERE.get(batch.kind, {}) | EVERYWHERE
        return json_lines(rows, {c: _path(c, elsewhere) for c in rows.columns}, ARRAYS)

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


def _with_class(batch: EventBatch) -> pl.DataFrame:
    """Return the columns that hold something, and those that follow from the class."""
    frame = batch.frame.select(c for c in batch.frame.columns if batch.frame[c].null_count() < batch.frame.height)
    uid, known = batch.kind.class_uid, set(frame.columns)
    activity, severity = (pl.col(c).fill_null(0) if c in known else pl.lit(0) for c in ("activity_id", "severity_id"))
    product = (
        pl.col("metadata.product.name").fill_null(PRODUCT) if "metadata.product.name" in known else pl.lit(PRODUCT)
    )
    return frame.with_columns(
        pl.lit(uid).alias("class_uid"),
        pl.lit(1 if uid // 1000 == WINDOWS else uid // 1000).alias("category_uid"),
        (uid * 100 + activity.cast(pl.Int64)).alias("type_uid"),
        activity.alias("activity_id"),
        severity.alias("severity_id"),
        severity.replace_strict(SEVERITIES, default="Other", return_dtype=pl.String).alias("severity"),
        pl.lit(VERSION).alias("metadata.version"),
        product.alias("metadata.product.name"),
    )


def _path(column: str, elsewhere: dict[str, str]) -> str:
    if column == "unmapped":
        return f"unmapped.{MEMBERS}"
    first, dot, rest = column.partition(".")
    return f"{elsewhere.get(first, first)}{dot}{rest}"
