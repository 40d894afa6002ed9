"""Accounts of programs that a person uses."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_evidence import YOUNG_DAYS, novelty, shown
from vedette.features.logon_user import BY_HAND, LogonUser
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class ServiceAccountByHand(LogOdds):
    """An account of a program logs on at a keyboard or by Remote Desktop, which it never did.

    What is normal: such an account logs on as a service, as a batch job or over the network, from the same hosts, every day alike. What is
    hostile: somebody who has its password, which is often old and known to many, sits down with it.

    An account is a program's by its history (five days or more of logons and none by hand) or, weaker, by its name (``svc-``,
    ``_service``); both add up. A new host or source machine adds, as in ``unusual logon``. Without a history the name alone makes a
    building block.

    Known false positives:
        - an administrator who sets up or repairs the program with its own account
        - a person's account that only ever used shares, on the day she gets a computer of her own

    Blind spots:
        - accounts that people use by hand anyway
        - remote shells and network logons: they look like the program's own
        - logs without the kind of logon (most of Unix and of cloud services)
    """

    name = "service_account_by_hand"
    title = "Service account used by hand"
    needs = LogonUser
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1078",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "hand_addresses", otherwise=Role(EntityKind.USER, "user"))
    targets = (Role(EntityKind.USER, "user"), Role(EntityKind.HOST, "hand_places"))
    span = ("hand_first", "hand_last")
    prior = -9.2
    alert_from = 0.8

    def terms(self) -> list[Term]:
        hand, never = pl.col("by_hand") > 0, _never_by_hand()
        return [
            Term(
                pl.when(hand & never).then(6.5 + (1.0 + pl.col("age")).log().clip(0.0, 4.0)),
                pl.format("{} days of logons, and none of them by hand", number(pl.col("age"))),
                "by_hand",
            ),
            Term(
                pl.when(hand & pl.col("service_name")).then(_NAMED),
                pl.format("{} is named as a program's account", "user"),
                "service_name",
            ),
            Term(
                pl.when(hand & (never | pl.col("service_name"))).then(
                    novelty("places", likely=0.05, least=0.05, most=3.0)
                ),
                pl.format("on a host that is new to it: {}", shown("places")),
                "places",
            ),
            Term(
                pl.when(hand & (never | pl.col("service_name"))).then(
                    novelty("sources", likely=0.1, least=0.05, most=3.0)
                ),
                pl.format("from a machine that is new to it: {}", shown("sources")),
                "sources",
            ),
        ]

    def sentence(self) -> pl.Expr:
        kinds = pl.col("kinds").list.set_intersection(list(BY_HAND)).list.sort().list.join(" and ")
        return pl.format(
            "The service account {} logged on {} to {}{}.",
            "user",
            kinds.str.replace("Remote", "by Remote", literal=True),
            pl.col("hand_places").list.head(3).list.join(", "),
            pl.when(pl.col("age") >= YOUNG_DAYS)
            .then(pl.format("; on {} days before it never logged on by hand", number(pl.col("age"))))
            .otherwise(pl.lit("")),
        )


_NAMED = 9.5
"""Nats of a name alone: enough for a building block, not for an alert."""


def _never_by_hand() -> pl.Expr:
    """Say whether the account has a history without any logon by hand."""
    return ((pl.col("own.by_hand.mean").fill_nan(None) <= 0.0) & (pl.col("age") >= YOUNG_DAYS)).fill_null(value=False)
