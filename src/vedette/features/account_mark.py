"""Changes of directory accounts that open a way in: one row each."""

from __future__ import annotations

import polars as pl

from vedette.abc import EventFeatures
from vedette.events.schema import EventClass

_CREATE, _FAILURE = 1, 2
_REPLICATION = r"(?i)E3514235-4B06-11D1-AB04-00C04FC2DCD2/|(?:^|\s)GC/"
"""Service names of a domain controller: directory replication (MS-DRSR 2.2.4.2) and the global catalogue."""
_WEAK = r"%%20(?:91|95|96)"
"""Security log messages: reversible encryption, DES alone, or no pre-authentication enabled."""
_DELEGATION = r"%%20(?:93|98)"
"""Trusted for delegation; trusted to authenticate for delegation."""
_EMPTY = ("", "-", "%%1793", "%%1794")
_ANONYMOUS = "S-1-5-7"
_TEXTS = ("ServicePrincipalNames", "SidHistory", "AllowedToDelegateTo", "UserAccountControl")


class AccountMark(EventFeatures):
    """A row per change of an account with a mark.

    ``replicates``: a machine's account got service names of a domain controller, by another's hand; ``by_nobody``: an anonymous session
    made the change; ``masked``: a new user account whose name looks like a machine's; ``weak``: its password can be read or cracked from
    now on; ``delegates``: it may act for others; ``serves``: a user account got service names, by another's hand; ``history``: it got
    the rights of an old security id. Fields are those of the Windows Security log (events 4720, 4738, 4742).
    """

    name = "account_mark"
    needs = EventClass.ACCOUNT_CHANGE
    requires = ("user.name", "activity_id")
    uses = (
        *("status_id", "user.uid", "actor.user.name", "actor.user.uid", "device.hostname", "metadata.event_code"),
        *(f"unmapped.{name}" for name in _TEXTS),
    )
    keys = ("by", "account")

    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        names, history, delegated, control = (pl.col(f"unmapped.{n}") for n in _TEXTS)
        account, actor = pl.col("user.name"), pl.col("actor.user.name")
        machine = account.str.ends_with("$")
        itself = (account.str.to_lowercase() == actor.str.to_lowercase()).fill_null(value=False)
        marks = {
            "replicates": machine & ~itself & names.str.contains(_REPLICATION),
            "by_nobody": pl.col("actor.user.uid") == _ANONYMOUS,
            "masked": machine & (pl.col("activity_id") == _CREATE) & (pl.col("metadata.event_code") == "4720"),
            "weak": control.str.contains(_WEAK),
            "delegates": control.str.contains(_DELEGATION) | _given(delegated),
            "serves": ~machine & ~itself & _given(names),
            "history": _given(history),
        }
        rows = events.filter((pl.col("status_id") != _FAILURE).fill_null(value=True)).with_columns(
            by=pl.coalesce("actor.user.name", pl.lit("somebody")),
            account=account,
            host=pl.col("device.hostname"),
            **{name: mark.fill_null(value=False) for name, mark in marks.items()},
        )
        return rows.filter(pl.any_horizontal(*marks)).select(
            *("time", "metadata.log_name", "metadata.sequence", "by", "account", "host"), *marks
        )


def _given(field: pl.Expr) -> pl.Expr:
    return field.is_not_null() & ~field.str.strip_chars().is_in(list(_EMPTY))
