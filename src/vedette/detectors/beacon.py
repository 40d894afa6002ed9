"""A host that comes back to the same place outside, in a rhythm that chance does not make."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import beacon_evidence as evidence
from vedette.features.beacon_pair import BeaconPair
from vedette.features.beacon_rhythm import field
from vedette.model import Analytic, EntityKind, Severity


class Beacon(LogOdds):
    """Beacon: a host comes back to one address outside in a rhythm, as an implant that asks its master for orders.

    What is normal: programs keep time too, and better than implants do: updates, telemetry, push services. But they are on many hosts,
    their servers stand among many of the same provider, they send what there is to send, and their timers are exact.

    The statistic: the gaps between contacts are compared with those of any mixture of random visits (``features/beacon_rhythm.py``: a scan
    statistic against the bound for completely monotone gaps); jitter of up to 60 %, missing beats and pauses leave enough of them in one
    range. To that, in nats: whether the intervals are spread on purpose, how alike the sizes are, how much of the day it goes on,
    how many other hosts go there and to its network, the port, whether anybody answers, whether it is new. The sub-scores are those
    that RITA made known (interval, size, duration, prevalence; Active Countermeasures), computed in another way. Windows are days.

    Known false positives:

    * agents and appliances that only one host has: monitoring from outside, cameras, meters, remote support;
    * software on its first day on its first host; polling of an application that one person uses;
    * programs that go on asking a server that was taken away.

    Blind spots:

    * fewer than seven contacts a day; intervals below three seconds;
    * a master that shares its address with much-used servers, or changes it (see ``beacon_name``);
    * networks of fewer than five hosts: nobody to compare with, so a beacon must stand out by its port, jitter or silence;
    * hosts of yours with public addresses that ``[network] internal`` does not name;
    * what began today: windows are days, and a live system is told at their end;
    * masters inside the network, and connections that stay open (``long_connection``);
    * the services of names and of time: those are left out (DNS tunnels have a detector of their own).

    Example: 10.0.0.5 connects to port 8081 of 203.0.113.9 every 40 to 60 s, all day, and no other of 120 hosts does.
    """

    name = "beacon"
    title = "Beacon to one address"
    needs = BeaconPair
    analytic = Analytic.STATISTICAL
    techniques = ("T1071",)
    severity = Severity.MEDIUM
    alert_from = evidence.LIKELY
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        return [
            evidence.rhythm(),
            evidence.jitter(),
            evidence.duration(),
            evidence.prevalence("this address"),
            evidence.crowd("its network"),
            evidence.novelty(),
            *evidence.contacts(),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} came back to port {} of {} {}, in {} hours of the day.",
            "src_endpoint.ip",
            "dst_endpoint.port",
            "dst_endpoint.ip",
            evidence.beats(),
            field("hours").round(0).cast(pl.Int64),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows, self.score(rows))
