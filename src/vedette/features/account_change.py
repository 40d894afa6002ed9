"""New accounts, and accounts that get more rights, one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass

ADMIN_GROUPS = (
    "root",
    "sudo",
    "wheel",
    "admin",
    "admins",
    "adm",
    "docker",
    "lxd",
    "disk",
    "shadow",
    "sudoers",
    "libvirt",
)
"""Groups whose members are, or can make themselves, root."""

_CREATE, _FAILURE = 1, 2
_FIRST_PERSON = 1000
"""The first user id of people on most systems (login.defs, UID_MIN)."""

_NO_SHELL = r"(?:nologin|/bin/false|/sync|/shutdown)$"


class AccountChange(EventFeatures):
    """A row per change that gives somebody an account or more rights.

    ``uid``: of a new account, or a new one of an old account; ``group``: a privileged group it was added to; ``created``: a new account;
    ``person``: it can log on; ``root_twin``: another name for root.
    """

    name = "account_change"
    needs = EventClass.ACCOUNT_CHANGE
    requires = ("user.name", "message")
    uses = ("activity_id", "status_id", "actor.user.name", "device.hostname")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        text = pl.col("message")
        uid = text.str.extract(r"(?i)\bUID(?:=| from '?\d+'? to '?)(\d{1,10})").cast(pl.Int64, strict=False)
        group = text.str.extract(r"(?:to|into)(?: shadow)? group '?([^'\s]+)").str.to_lowercase()
        shell = text.str.extract(r"\bshell=([^,\s]+)")
        rows = events.filter((pl.col("status_id") != _FAILURE).fill_null(value=True)).with_columns(
            created=(pl.col("activity_id") == _CREATE).fill_null(value=False),
            uid=uid,
            group=pl.when(group.is_in(ADMIN_GROUPS) & text.str.contains(r"\badd")).then(group),
            shell=shell,
            root_twin=((uid == 0) & (pl.col("user.name") != "root")).fill_null(value=False),
        )
        person = pl.col("created") & (pl.col("uid") >= _FIRST_PERSON).fill_null(value=True)
        person &= ~pl.col("shell").str.contains(_NO_SHELL).fill_null(value=False)
        rows = rows.with_columns(
            person=person,
            account=pl.col("user.name"),
            host=pl.col("device.hostname"),
            by=pl.coalesce("actor.user.name", pl.lit("root or its tools")),
        )
        return rows.filter(pl.col("person") | pl.col("root_twin") | pl.col("group").is_not_null()).select(
            *("time", "metadata.log_name", "metadata.sequence", "host", "account", "by"),
            *("uid", "group", "shell", "created", "person", "root_twin"),
        )
