"""What follows from a row's own columns: names of programs and files, logons from afar."""

from __future__ import annotations

import polars as pl

from vedette.events.schema import SCHEMAS, EventClass
from vedette.events.windows.shape import Shape
from vedette.events.windows.values import last_part

REMOTE_LOGONS = (10, 12)
NETWORK_LOGONS = (3, 8)
"""Kinds of logon (MS-WINLOGON): remote desktop, its cached form; network, and network with the password in clear."""


def told(rows: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Return the rows with what their columns imply."""
    schema, have = SCHEMAS[shape.kind], set(rows.columns)
    more = {
        name: last_part(pl.col(path))
        for path in rows.columns
        if path.endswith("file.path") and (name := _name_of(path)) in schema and name not in have
    }
    if "log_name" in schema:
        more |= {"log_provider": pl.col("metadata.log_provider")}
        if "unmapped.Channel" in have:
            channel = pl.col("unmapped.Channel")
            more["log_name"] = pl.coalesce("log_name", channel) if "log_name" in have else channel
    if shape.kind is EventClass.AUTHENTICATION and "logon_type_id" in have and "src_endpoint.ip" in have:
        logon, known = pl.col("logon_type_id"), pl.col("src_endpoint.ip").is_not_null()
        more["is_remote"] = logon.is_in(REMOTE_LOGONS) | (logon.is_in(NETWORK_LOGONS) & known)
    return rows.with_columns(**more)


def _name_of(path: str) -> str:
    """Return where the last part of a path goes: a process is called so, else the file itself."""
    owner = path.removesuffix(".file.path") if path.endswith("process.file.path") else path.removesuffix(".path")
    return f"{owner}.name"
