"""A host that comes back to the same place outside every few hours, for days."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import beacon_evidence as evidence
from vedette.features.beacon_rhythm import field
from vedette.features.beacon_week import BeaconWeek
from vedette.model import Analytic, EntityKind, Severity

SLOW = (1200.0, 36_000.0)
"""Seconds of the shortest and the longest period: faster ones are found in a day; once or twice a day is a habit of people."""


class BeaconSlow(LogOdds):
    """Slow beacon: a host comes back to one address outside every few hours, for days, as a patient implant does.

    What is normal: updates and licence checks are slow too, but they are on many hosts, and their timers are exact.

    The statistic is that of ``beacon``, over weeks, for periods from 20 minutes to 10 hours; instead of the hours of a day, the days of
    the week count. As no traffic of whole weeks was at hand to count false alarms in, it only corroborates: a finding of it stands
    beside others and never alerts by itself.

    Known false positives:

    * agents and appliances that only one host has: backups to outside, meters, licence checks;
    * tasks at fixed hours of every day, whose gaps recur;
    * software on its first host.

    Blind spots:

    * fewer than seven contacts a week; once or twice a day, which is what people do too;
    * a week ends on Wednesday night (UTC), and only then a live system knows; a capture is judged at its end;
    * what ``beacon`` does not see: masters behind much-used servers, inside the network, or at changing addresses.

    Example: 10.0.0.5 connects to port 443 of 203.0.113.9 every three to five hours, from Thursday to Wednesday, and no other host does.
    """

    name = "beacon_slow"
    title = "Slow beacon"
    needs = BeaconWeek
    analytic = Analytic.STATISTICAL
    techniques = ("T1071",)
    severity = Severity.MEDIUM
    corroborates = True
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        return [
            evidence.rhythm(*SLOW),
            evidence.jitter(),
            evidence.persistence(),
            evidence.prevalence("this address"),
            evidence.crowd("its network"),
            evidence.novelty("weeks", known=2),
            *evidence.contacts(),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} came back to port {} of {} {}, on {} days of the week.",
            "src_endpoint.ip",
            "dst_endpoint.port",
            "dst_endpoint.ip",
            evidence.beats(),
            field("days").round(0).cast(pl.Int64),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows, self.score(rows))
