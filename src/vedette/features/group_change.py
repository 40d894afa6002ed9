"""Who adds members to privileged groups and roles: a row per group, who did it, and hour."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample
from vedette.intel.privileged import power, weight

HOUR = timedelta(hours=1)
_ADD, _REMOVE, _FAILURE = 3, 4, 2
_NOBODY = r"^S-1-5-21-.*-501$|^S-1-(?:1-0|5-7|5-11)$"
"""Guest; everyone, anonymous and authenticated users (MS-DTYP 2.4.2.4)."""


class GroupChange(WindowFeatures):
    """A row per privileged group or role (``intel.privileged``), actor and hour in which members were added to it.

    ``members``: who; ``added`` how often; ``removed``: who was taken out again; ``weight``: 1 to 3; ``power``: what members can do;
    ``own_hand``: the actor added its own account; ``nobody``: a member is an account for guests, or everybody.
    """

    name = "group_change"
    needs = EventClass.GROUP_MANAGEMENT
    requires = ("activity_id",)
    uses = (
        *("status_id", "user.name", "user.uid", "group.name", "group.uid", "actor.user.name", "actor.user.uid"),
        *("device.hostname", "src_endpoint.ip", "actor.app_name"),
    )
    keys = ("by", "group")
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("added",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        group, uid = pl.col("group.name"), pl.col("group.uid")
        name = (
            pl.col("user.name").str.extract(r"(?i)^(?:cn|uid)=((?:[^,\\]|\\.){1,128})").fill_null(pl.col("user.name"))
        )
        member = pl.coalesce(pl.when(~name.is_in(["", "-"])).then(name), "user.uid")
        added, removed = pl.col("activity_id") == _ADD, pl.col("activity_id") == _REMOVE
        done = (pl.col("status_id") != _FAILURE).fill_null(value=True)
        by = pl.coalesce("actor.user.name", "actor.app_name", pl.lit("somebody"))
        itself = (member == pl.col("actor.user.name")) | (pl.col("user.uid") == pl.col("actor.user.uid"))
        return (
            events.filter(done & (added | removed) & (pl.coalesce(group, uid) != ""))
            .with_columns(
                by=by,
                group=pl.coalesce(group, uid),
                weight=weight(group, uid),
                power=power(group, uid),
                member_added=pl.when(added).then(member),
                member_removed=pl.when(removed).then(member),
                nobody=(
                    added
                    & (pl.col("user.uid").str.contains(_NOBODY) | name.str.to_lowercase().is_in(["guest", "nobody"]))
                ).fill_null(value=False),
                itself=(added & itself).fill_null(value=False),
                place=pl.col("device.hostname"),
                address=pl.col("src_endpoint.ip"),
                adds=added.cast(pl.Int64),
            )
            .filter(pl.col("weight") > 0)
        )

    def partial(self) -> list[pl.Expr]:
        return [
            sample(pl.col("member_added"), 16).alias("members"),
            sample(pl.col("member_removed"), 16).alias("removed"),
            sample(pl.col("place")).alias("hosts"),
            sample(pl.col("address")).alias("addresses"),
            pl.col("adds").sum().alias("added"),
            pl.col("weight").max(),
            pl.col("power").max(),
            *(pl.col(c).any() for c in ("itself", "nobody")),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(merge_sample(c, 16) for c in ("members", "removed")),
            *(merge_sample(c) for c in ("hosts", "addresses")),
            pl.col("added").sum(),
            *(pl.col(c).max() for c in ("weight", "power")),
            *(pl.col(c).any() for c in ("itself", "nobody")),
        ]

    def finish(self) -> list[pl.Expr]:
        return [
            *(pl.col(c) for c in ("members", "removed", "hosts", "addresses", "added", "weight", "power")),
            pl.col("nobody"),
            pl.col("itself").alias("own_hand"),
            pl.col("members").list.set_intersection("removed").list.len().cast(pl.Int64).alias("taken_back"),
        ]
