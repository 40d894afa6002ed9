"""Rows of Azure's logs by class."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars import col

from vedette.events import directory
from vedette.events.clients import client_address, client_port
from vedette.events.operations import activity
from vedette.events.schema import EventClass

_LOGON = 1
_FAILED = ("failure", "failed", "false", "failed.", "timeout")
_MFA = "multifactorauthentication"
_SIGN_IN = col("sign_in").is_not_null()


def split(frame: pl.DataFrame) -> Iterator[tuple[EventClass, pl.DataFrame]]:
    """Yield the rows of each class."""
    rows = frame.with_columns(**_NAMES).with_columns(**_COMMON)
    kind = pl.when(_SIGN_IN).then(int(EventClass.AUTHENTICATION)).otherwise(directory.kind(col("operation")))
    for (number,), part in rows.with_columns(kind=kind).group_by("kind", maintain_order=True):
        one = EventClass(int(str(number)))
        yield one, part.with_columns(**_OF_CLASS[one])


def _lower(name: str) -> pl.Expr:
    return pl.when(col(name).str.contains("@")).then(col(name).str.to_lowercase()).otherwise(name)


_NAMES = {"user": _lower("user"), "whom": _lower("whom"), "operation": col("operation").str.strip_chars(" .")}
_BAD = (
    pl.when(_SIGN_IN)
    .then(col("code").is_not_null() & (col("code") != "0") & (col("code").str.to_lowercase() != "success"))
    .otherwise(col("result").str.to_lowercase().is_in(_FAILED))
)
_ACTIVITY_LOG = col("operation").str.contains("/", literal=True)

_COMMON: dict[str, pl.Expr] = {
    "actor.user.name": col("user"),
    "actor.user.email_addr": pl.when(col("user").str.contains("@")).then("user"),
    "actor.user.type": pl.when(col("user").str.contains("@"))
    .then(pl.lit("User"))
    .otherwise(pl.lit("ServicePrincipal")),
    "src_endpoint.ip": client_address(col("address")),
    "src_endpoint.port": client_port(col("address")),
    "status_id": pl.when(_BAD)
    .then(2)
    .when(col("code").is_not_null() | col("result").is_not_null())
    .then(1)
    .cast(pl.Int32),
    "status_code": pl.when(_SIGN_IN).then("code").otherwise("result"),
    "cloud.provider": pl.lit("Azure"),
    "metadata.log_provider": pl.lit("azure"),
    "metadata.product.name": pl.when(_ACTIVITY_LOG).then(pl.lit("Azure")).otherwise(pl.lit("Microsoft Entra ID")),
    "metadata.event_code": col("operation"),
}
_CHANGE: dict[str, pl.Expr] = {
    "activity_id": directory.activity_of(col("operation")),
    "user.name": col("whom"),
    "user.uid": col("whom_id"),
    "unmapped": col("details"),
}
_OF_CLASS: dict[EventClass, dict[str, pl.Expr]] = {
    EventClass.AUTHENTICATION: {
        "activity_id": pl.lit(_LOGON, dtype=pl.Int32),
        "user.name": col("user"),
        "user.uid": col("actor.user.uid"),
        "user.email_addr": col("actor.user.email_addr"),
        "user.type": col("actor.user.type"),
        "service.name": col("app"),
        "is_mfa": col("requirement").str.to_lowercase() == _MFA,
        "is_remote": pl.lit(value=True),
    },
    EventClass.ACCOUNT_CHANGE: _CHANGE,
    EventClass.USER_ACCESS: {
        **_CHANGE,
        "privileges": pl.when(col("role").is_not_null()).then(pl.concat_list("role")),
        "resource.name": col("role"),
    },
    EventClass.GROUP_MANAGEMENT: {**_CHANGE, "group.name": col("group")},
    EventClass.API_ACTIVITY: {
        "api.operation": col("operation"),
        "api.service.name": pl.coalesce(
            pl.when(_ACTIVITY_LOG).then(col("operation").str.to_lowercase().str.extract("^([^/]+)/")), "category"
        ),
        "api.request.data": col("details"),
        "api.response.error": pl.when(_BAD).then(pl.coalesce("status_detail", "result")),
        "activity_id": activity(col("operation")),
        "resources.name": pl.coalesce("whom", "resource"),
        "resources.type": col("kind_of_target"),
    },
}
