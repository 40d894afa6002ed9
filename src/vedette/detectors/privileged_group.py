"""New members of groups that hold the keys."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.group_change import GroupChange
from vedette.features.wording import joined, number
from vedette.intel.privileged import ALL, HOST, PART
from vedette.model import Analytic, EntityKind, Severity


class PrivilegedGroup(LogOdds):
    """An account becomes a member of a group with which it can take over a domain, a tenant or a host.

    What is normal: people who manage accounts do so now and then, by day, the same few people for the same few groups. What is hostile:
    an account that never did so adds a member, itself above all, or adds one and takes it out again within the hour.

    A rule over a table of well-known groups, by security id or name (``content/identity/privileged.yaml``), with evidence added: an account
    that adds itself; a member that is an account for guests, or everybody; an actor who never changed this group, the more the longer the
    log is known; a member that is taken out again within the hour. Actors who did so on three occasions before make it a building block,
    and so does the group of a single host's administrators by itself: setting up a machine does that.

    Known false positives:
        - a new administrator, or a change of duties
        - just-in-time administration: a tool adds a member and takes it out again by design
        - the set-up of a new domain or tenant

    Blind spots:
        - groups of your own that hold the keys, and groups nested into those of the table
        - rights that are given without a group: access control lists, delegation, policies
        - changes made in the directory's database itself
        - roles of cloud services: see cloud privilege escalation
    """

    name = "privileged_group"
    title = "New privileged member"
    needs = GroupChange
    analytic = Analytic.RULE
    techniques = ("T1098",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "by")
    targets = (Role(EntityKind.USER, "members"), Role(EntityKind.HOST, "hosts"))
    prior = -4.0
    alert_from = 0.8

    def terms(self) -> list[Term]:
        some = pl.col("added") > 0
        rank = pl.col("weight")
        worth = pl.when(rank >= ALL).then(6.0).when(rank == PART).then(5.6).when(rank == HOST).then(4.2)
        age = pl.col("age").fill_null(0)
        return [
            Term(pl.when(some).then(worth), pl.format("members of {} can: {}", "group", "power"), "weight"),
            Term(pl.when(some & pl.col("own_hand")).then(3.0), pl.format("{} added its own account", "by"), "own_hand"),
            Term(
                pl.when(some & pl.col("nobody")).then(3.0),
                pl.lit("among them an account for guests or nobody"),
                "nobody",
            ),
            Term(
                pl.when(some & (pl.col("taken_back") > 0)).then(2.5),
                pl.format("{} of them taken out again within the hour", number(pl.col("taken_back"))),
                "removed",
            ),
            Term(
                pl.when(some & (age == 0)).then(
                    pl.when(rank == HOST).then(0.4).otherwise(1.0)
                    * (1 + pl.col("windows").fill_null(0).clip(lower_bound=0)).cast(pl.Float64).log().clip(0.0, 2.0)
                ),
                pl.format("{} never did so before", "by"),
                "age",
            ),
            Term(
                pl.when(some & (age >= _OFTEN)).then(-1.0 - (age.cast(pl.Float64) / _OFTEN).log().clip(0.0, 1.5)),
                pl.format("{} did so in {} hours before", "by", number(age)),
                "age",
            ),
        ]

    def sentence(self) -> pl.Expr:
        where = (
            pl.when(pl.col("hosts").list.len() > 0).then(pl.format(" on {}", joined("hosts", 2))).otherwise(pl.lit(""))
        )
        who = pl.when(pl.col("members").list.len() > 0).then(joined("members")).otherwise(pl.lit("somebody"))
        return pl.format(
            "{} added {} to {}{}: members can {}.", "by", who, "group", where, pl.col("power").fill_null("much")
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """High where it gives everything; low where it gives a host."""
        of = {ALL: Severity.HIGH, PART: Severity.MEDIUM, HOST: Severity.LOW}
        return [of.get(w, self.severity) for w in rows["weight"]]  # hits only: few


_OFTEN = 3
