"""The life of an account within a day: made, used, renamed, removed."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample

_CREATE, _DELETE, _FAILURE = 1, 6, 2
_USED = 1001
"""Our own activity: a logon."""


class AccountLife(WindowFeatures):
    """A row per account and hour or day in which it was made, renamed or removed.

    ``made``, ``removed``, ``first_use``, ``last_use``: when; ``uses``: logons after it was made; ``unmasked``: the machine's account (a
    name with ``$``) got a name without it, ``new_name``.
    """

    name = "account_life"
    needs = EventClass.ACCOUNT_CHANGE
    requires = ("user.name", "activity_id")
    uses = ("status_id", "actor.user.name", "device.hostname", "user_result.name", "metadata.event_code")
    also = {  # noqa: RUF012 - a ClassVar of the base
        EventClass.AUTHENTICATION: {
            "user.name": pl.col("user.name"),
            "status_id": pl.col("status_id"),
            "device.hostname": pl.col("device.hostname"),
            "activity_id": pl.when((pl.col("activity_id") == 1) & (pl.col("status_id") == 1)).then(_USED),
        }
    }
    keys = ("account",)
    windows = (timedelta(hours=1), timedelta(days=1))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        activity, new = pl.col("activity_id"), pl.col("user_result.name")
        old_code = pl.col("metadata.event_code")
        made = (activity == _CREATE) | (old_code == "Add user.")
        removed = (activity == _DELETE) | (old_code == "Delete user.")
        masked = pl.col("user.name").str.ends_with("$") & ~new.str.ends_with("$")
        used = activity == _USED
        return (
            events.filter((pl.col("status_id") != _FAILURE).fill_null(value=True))
            .with_columns(
                account=pl.col("user.name"),
                at_made=pl.when(made).then("time"),
                at_removed=pl.when(removed).then("time"),
                at_used=pl.when(used).then("time"),
                renamed=pl.when(masked & (new != "")).then(new),
                by=pl.when(~used).then("actor.user.name"),
                host=pl.col("device.hostname"),
            )
            .filter(pl.any_horizontal(pl.col("at_made", "at_removed", "at_used", "renamed").is_not_null()))
        )

    def partial(self) -> list[pl.Expr]:
        return [
            pl.col("at_made").max().alias("made"),
            pl.col("at_removed").max().alias("removed"),
            pl.col("at_used").min().alias("first_use"),
            pl.col("at_used").max().alias("last_use"),
            pl.col("at_used").count().cast(pl.Int64).alias("uses"),
            sample(pl.col("renamed"), 2).alias("new_names"),
            sample(pl.col("by"), 3).alias("actors_named"),
            sample(pl.col("host")).alias("hosts"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).max() for c in ("made", "removed", "last_use")),
            pl.col("first_use").min(),
            pl.col("uses").sum(),
            merge_sample("new_names", 2),
            merge_sample("actors_named", 3),
            merge_sample("hosts"),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in ("made", "removed", "first_use", "last_use", "uses", "new_names", "hosts")),
            pl.col("actors_named").alias("by"),
            ((pl.col("removed") - pl.col("made")).dt.total_microseconds() / 1e6).alias("seconds"),
            pl.col("new_names").list.first().alias("new_name"),
        ]
