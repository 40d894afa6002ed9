"""A host that asks for the same server name again and again, in a rhythm that chance does not make."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import beacon_evidence as evidence
from vedette.features.beacon_name import BeaconName as Names
from vedette.features.beacon_rhythm import field
from vedette.model import Analytic, EntityKind, Severity

VISITED = -5.0
"""Nats of a much-visited domain: implants that hide behind one exist (domain fronting), but its own programs are far more."""
_fingerprint = pl.col("server").str.starts_with("JA")


class BeaconName(LogOdds):
    """Beacon by name: a host asks for one server name in a rhythm, wherever that name points to, and also through a proxy.

    What is normal: much-visited sites are asked by their own programs, in time; software asks for its maker's names on many hosts. People
    browse in bursts.

    The statistic is that of ``beacon``, over the names in TLS handshakes and HTTP requests; a handshake without a name counts by the
    fingerprint of its client (JA4, JA3). Prevalence is that of the name and of its registered domain; much-visited domains count
    against. Windows are days.

    Known false positives:

    * software of small makers, on its first hosts; devices that report to their maker;
    * dashboards, mail and chat pages left open by one person;
    * feeds and probes of monitoring services.

    Blind spots:

    * fewer than seven contacts a day; intervals below three seconds;
    * connections that are kept open: one handshake for the whole day;
    * masters behind much-visited domains, or behind names that change;
    * networks of fewer than five hosts: nobody to compare with.

    Example: 10.0.0.5 asks its proxy for updates.example.org every 180 to 300 s, all day, and no other of 120 hosts does.
    """

    name = "beacon_name"
    title = "Beacon to one server name"
    needs = Names
    analytic = Analytic.STATISTICAL
    techniques = ("T1071.001",)
    severity = Severity.MEDIUM
    alert_from = evidence.LIKELY
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "server"),)

    def terms(self) -> list[Term]:
        return [
            evidence.rhythm(),
            evidence.jitter(),
            evidence.duration(),
            evidence.prevalence("this name"),
            evidence.crowd("its domain"),
            evidence.novelty(),
            Term(pl.when(pl.col("visited")).then(VISITED), pl.lit("the domain is much visited"), "visited"),
            Term(
                pl.when(_fingerprint).then(-1.0),
                pl.lit("no name: told by the fingerprint of the client, which several programs may share"),
                "server",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked for {} {}, in {} hours of the day, at {}.",
            "src_endpoint.ip",
            "server",
            evidence.beats(),
            field("hours").round(0).cast(pl.Int64),
            pl.when(pl.col("moves")).then(pl.lit("several addresses")).otherwise(pl.lit("one address")),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows, self.score(rows))
