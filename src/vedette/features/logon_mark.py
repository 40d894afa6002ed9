"""Logons whose form tells of a stolen hash or another's password: one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass
from vedette.intel.principals import machine, of_system

_LOGON, _SUCCESS = 1, 1
_NETWORK, _OTHER_CREDENTIALS = 3, 9


class LogonMark(EventFeatures):
    """A row per successful Windows logon with a mark.

    ``other``: with other credentials for the network alone, made by the secondary logon service (``runas /netonly`` and what imitates it);
    ``keyless``: over the network by NTLM without a session key; ``built_in``: the built-in administrator (RID 500).
    """

    name = "logon_mark"
    needs = EventClass.AUTHENTICATION
    requires = ("activity_id", "status_id", "user.name", "logon_type_id")
    uses = (
        *("logon_process.name", "auth_protocol", "user.uid", "user.domain", "actor.user.name", "device.hostname"),
        *("src_endpoint.ip", "src_endpoint.hostname", "unmapped.KeyLength", "unmapped.TargetOutboundUserName"),
    )
    keys = ("host", "user")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        name, kind = pl.col("user.name"), pl.col("logon_type_id")
        done = (pl.col("activity_id") == _LOGON) & (pl.col("status_id") == _SUCCESS)
        secondary = pl.col("logon_process.name").str.strip_chars().str.to_lowercase() == "seclogo"
        ntlm = pl.col("auth_protocol").str.to_uppercase().str.starts_with("NTLM").fill_null(value=False)
        rows = events.filter(done & kind.is_in([_NETWORK, _OTHER_CREDENTIALS])).with_columns(
            user=name,
            host=pl.col("device.hostname"),
            source=pl.coalesce("src_endpoint.ip", "src_endpoint.hostname"),
            outbound=pl.when(~pl.col("unmapped.TargetOutboundUserName").is_in(["", "-"])).then(
                "unmapped.TargetOutboundUserName"
            ),
            other=((kind == _OTHER_CREDENTIALS) & secondary).fill_null(value=False),
            keyless=((kind == _NETWORK) & ntlm & (pl.col("unmapped.KeyLength") == "0")).fill_null(value=False),
            built_in=pl.col("user.uid").str.ends_with("-500").fill_null(value=False),
        )
        person = ~machine(name) & (~of_system(name) | pl.col("built_in") | (name.str.to_lowercase() == "administrator"))
        return rows.filter((pl.col("other") | pl.col("keyless")) & person).select(
            *("time", "metadata.log_name", "metadata.sequence", "host", "user", "source", "outbound"),
            *("other", "keyless", "built_in"),
        )
