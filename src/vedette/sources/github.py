"""GitHub's audit log of an organisation or enterprise."""

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
    "time": ("@timestamp", "at_sign_timestamp", "created_at", "timestamp"),
    "metadata.uid": ("_document_id", "_id"),
    "api.operation": ("action",),
    "actor.user.name": ("actor", "user"),
    "actor.user.uid": ("actor_id",),
    "actor.user.email_addr": ("external_identity_nameid",),
    "actor.user.credential_uid": ("token_id", "hashed_token"),
    "actor.app_name": ("programmatic_access_type", "oauth_application_name", "name_of_app"),
    "address": ("actor_ip",),
    "src_endpoint.location.country": ("actor_location.country_code",),
    "http_request.user_agent": ("user_agent",),
    "cloud.account.uid": ("org", "business"),
    "resources.name": ("repo", "repository", "team", "user", "name", "org"),
    "api.request.data": ("_details",),
    "status": ("status", "conclusion"),
}
UNMAPPED = (
    *(
        "action",
        "operation_type",
        "org",
        "business",
        "repo",
        "user",
        "team",
        "visibility",
        "previous_visibility",
        "transport_protocol_name",
    ),
    *(
        "programmatic_access_type",
        "token_scopes",
        "permission",
        "actor_is_bot",
        "hook_id",
        "event",
        "workflow_id",
        "branch",
        "name",
        "key",
    ),
)
"""Fields kept under their own name: those that published rules ask for."""

_COMMON_KEYS = frozenset(
    (
        "action",
        "actor",
        "actor_id",
        "actor_ip",
        "actor_location",
        "@timestamp",
        "created_at",
        "_document_id",
        "user_agent",
    )
)

_EXAMPLE = b"""\
{"@timestamp":1772697672123,"_document_id":"d1","action":"repo.access","actor":"ada","actor_id":7,"actor_ip":"192.0.2.7",\
"actor_location":{"country_code":"BE"},"created_at":1772697672123,"operation_type":"modify","org":"shop","repo":"shop/site",\
"user_agent":"Mozilla/5.0","visibility":"public","previous_visibility":"private"}
{"@timestamp":1772697732123,"_document_id":"d2","action":"org.add_member","actor":"ada","actor_ip":"192.0.2.7","org":"shop",\
"created_at":1772697732123,"operation_type":"create","user":"bob","permission":"admin"}
{"@timestamp":1772697792123,"_document_id":"d3","action":"git.clone","actor":"bob","actor_ip":"198.51.100.9","org":"shop",\
"repo":"shop/site","created_at":1772697792123,"transport_protocol_name":"http","programmatic_access_type":"OAuth access token"}
"""


class GitHub(Source):
    """Reads GitHub audit logs: JSON lines and arrays, as exported, streamed or given by the API.

    Everything is API activity; ``api.request.data`` holds all fields of the record that have no place of their own.
    """

    name = "github"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.API_ACTIVITY,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "github-audit.json", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        marks = (
            b'"org"',
            b'"repo"',
            b'"created_at"',
            b'"_document_id"',
            b'"actor_ip"',
            b'"operation_type"',
            b'"actor_location"',
            b'"business"',
        )
        asked = b'"action"' in record and b'"actor"' in record
        return record.startswith(b"{") and asked and sum(m in record for m in marks) >= 2  # noqa: PLR2004

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        paths = {**FIELDS, **{f"unmapped.{name}": (name,) for name in UNMAPPED}}
        yield from JsonLog(self.name, paths, ("api.operation",), _unfolded).batches(records(stream), _split)


def _unfolded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**r, "_details": {k: v for k, v in r.items() if k not in _COMMON_KEYS}} for r in found]


def _split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    yield EventClass.API_ACTIVITY, frame.with_columns(**_COLUMNS)


_FAILED = col("status").str.to_lowercase().is_in(("failure", "failed", "denied"))

_COLUMNS: dict[str, pl.Expr] = {
    "src_endpoint.ip": client_address(col("address")),
    "actor.user.type": pl.when(col("unmapped.actor_is_bot") == "true").then(pl.lit("Bot")).otherwise(pl.lit("User")),
    "api.service.name": col("api.operation").str.extract(r"^([a-z_]+)\."),
    "api.response.error": pl.when(_FAILED).then("status"),
    "status_id": pl.when(_FAILED).then(2).otherwise(1).cast(pl.Int32),
    "status_code": col("status"),
    "activity_id": activity(col("api.operation")),
    "cloud.provider": pl.lit("GitHub"),
    "metadata.log_provider": pl.lit("github"),
    "metadata.product.name": pl.lit("GitHub"),
    "metadata.event_code": col("api.operation"),
}
