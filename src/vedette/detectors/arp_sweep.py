"""ARP requests for many addresses, quickly, most of which nobody has."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.first_contact import outcomes
from vedette.features.statistic import negative_binomial
from vedette.features.sweep_source import HOSTS, SweepSource
from vedette.features.wording import joined, number, span
from vedette.model import Analytic, EntityKind, Severity

AT_ONCE = 3.0
"""Addresses a host looks for in one go, when it starts."""
PER_SECOND = 0.05
"""Addresses a busy gateway looks for, on and on: thirty in ten minutes."""

_failed, _answered = pl.col("failed"), pl.col("answered")
_seconds = (pl.col("ended") - pl.col("began")).dt.total_milliseconds() / 1000


class ArpSweep(LogOdds):
    """ARP sweep: one host on the local network asks for many addresses at once, most of which nobody has.

    Normal is that a host looks for the few it talks to, and a gateway for everybody's, in the course of the day. ARP requests are seen by
    all, the replies only by who asked: silence means less here than elsewhere, so the prior is lower, and the pace counts: the number of
    silent addresses against a negative binomial baseline over the time they took; outcomes as in Jung et al. 2004
    (``features/first_contact``).

    Known false positives:

    * a router that passes on a scan from elsewhere asks for each address scanned: look for the scan beside it;
    * inventory, address management and network access control that look for devices on purpose.

    Blind spots:

    * a sweep slower than about one address in ten seconds;
    * fewer than about forty addresses;
    * other segments: ARP does not cross routers.

    Example: ``arp-scan 192.168.1.0/24`` from 192.168.1.50: 254 addresses in two seconds, 12 answered.
    """

    name = "arp_sweep"
    title = "ARP sweep"
    needs = SweepSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1018",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts"),)
    prior = -12.0

    def terms(self) -> list[Term]:
        arp = pl.col("connection_info.protocol_name") == "arp"
        failed, asked = number(_failed, HOSTS), number(_failed + _answered, HOSTS)
        usual = AT_ONCE + PER_SECOND * _seconds
        share = pl.format("{} of {} addresses did not answer", failed, asked)
        pace = pl.format(
            "{} silent addresses in {} (a busy gateway: about {})", failed, span("began", "ended"), number(usual)
        )
        return [
            Term(pl.when(arp).then(outcomes(_failed, _answered)), share, "failed"),
            Term(pl.when(arp).then(negative_binomial(_failed, usual, size=1.0)), pace, "failed"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} looked for {} local addresses in {}, such as {}: {} did not answer.",
            "src_endpoint.ip",
            number(_failed + _answered, HOSTS),
            span("began", "ended"),
            joined("hosts", 3),
            number(_failed, HOSTS),
        )
