"""Hosts that look around through remote procedure calls."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.remote_call import RemoteCall
from vedette.features.remote_evidence import account, act, named, techniques
from vedette.model import Analytic, EntityKind, Severity


class RemoteDiscovery(LogOdds):
    """One host asks others for their services, shares, sessions, accounts and groups.

    What is normal: a person who opens a server in the file browser lists its shares; management software lists sessions and accounts. What
    is hostile: the same, as the first step inside of a network (net view, PsLoggedOn, BloodHound, rpcdump).

    A rule for each procedure. As both look alike, it only corroborates: a finding of it never alerts by itself, but it stands in
    the story of an incident. What a host has done before (baseline) is no finding.

    Known false positives:
        - file browsers, and every administrator at work
        - inventory, monitoring and management software

    Blind spots:
        - queries of the directory by LDAP, where most of this is asked today
        - SMB 3 with encryption
    """

    name = "remote_discovery"
    title = "Host asked about others"
    needs = RemoteCall
    analytic = Analytic.RULE
    techniques = ("T1046", "T1135", "T1033", "T1087.002", "T1069.002")
    severity = Severity.LOW
    corroborates = True
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.ADDRESS, "discovery_targets"), Role(EntityKind.USER, "users"))
    prior: ClassVar[float] = -4.0

    def terms(self) -> list[Term]:
        return [
            act("endpoints", 5.0, "asked for the list of all services {}"),
            act("shares", 4.2, "asked for the list of shares {}"),
            act("sessions", 4.4, "asked who is logged on {}"),
            act("accounts", 4.4, "asked for the list of accounts {}"),
            act("groups", 4.2, "asked for groups and their members {}"),
            act("privileged_group", 5.0, "looked up a privileged group by its name {}"),
        ]

    def sentence(self) -> pl.Expr:
        words = [pl.when(pl.col(a) > 0).then(pl.lit(w)) for a, w in _WORDS.items()]
        return pl.format(
            "{} asked {}{} for {}.",
            "source",
            named("discovery_targets", "another host"),
            account(),
            pl.concat_str(words, separator=", ", ignore_nulls=True),
        )

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return techniques(rows, _TECHNIQUES)


_WORDS = {
    "endpoints": "all its services",
    "shares": "its shares",
    "sessions": "who is logged on",
    "accounts": "its accounts",
    "groups": "its groups",
    "privileged_group": "a privileged group",
}
_TECHNIQUES = {
    "endpoints": "T1046",
    "shares": "T1135",
    "sessions": "T1033",
    "accounts": "T1087.002",
    "groups": "T1069.002",
    "privileged_group": "T1069.002",
}
