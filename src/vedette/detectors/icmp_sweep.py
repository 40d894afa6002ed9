"""ICMP requests to many hosts, most of which are not there."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.first_contact import attacks, breadth, expected, outcomes, severities
from vedette.features.sweep_source import HOSTS, KINDS, SweepSource
from vedette.features.wording import joined, names_of, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_HOSTS = 2.0
"""Hosts that leave one host's requests unanswered in ten minutes."""
WIDE_HOSTS = 100
"""From here on an outsider's sweep is more than curiosity."""

_failed, _answered = pl.col("failed"), pl.col("answered")


class IcmpSweep(LogOdds):
    """ICMP sweep: one host asks many addresses whether they are there (echo, timestamp, address mask), and most are not.

    Normal is monitoring: a fixed list of hosts that answer. The evidence is that of first contacts (Jung et al. 2004, see
    ``features/first_contact``), with distinct hosts as contacts.

    Known false positives:

    * monitoring or inventory of your own whose list is out of date: name it under `network.scanners`;
    * an outage while monitoring goes on.

    Blind spots:

    * fewer than about twenty silent hosts in ten minutes, or thirty a day;
    * a sweep of hosts that all answer;
    * neighbour solicitations (IPv6).

    Example: ``nmap -sn 198.51.100.0/24`` from outside: 254 echo requests, 30 answers.
    """

    name = "icmp_sweep"
    title = "ICMP sweep"
    needs = SweepSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1018", "T1595.001")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts"),)

    def terms(self) -> list[Term]:
        icmp = pl.col("connection_info.protocol_name") != "arp"
        failed, asked, usual = number(_failed, HOSTS), number(_failed + _answered, HOSTS), number(expected(USUAL_HOSTS))
        share = pl.format("{} of {} hosts did not answer (normal: about a fifth)", failed, asked)
        width = pl.format("{} different hosts were silent (normal: about {})", failed, usual)
        return [
            Term(pl.when(icmp).then(outcomes(_failed, _answered)), share, "failed"),
            Term(pl.when(icmp).then(breadth(_failed, _answered, usual=USUAL_HOSTS)), width, "failed"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} asked {} addresses in {} whether they are there, such as {}: {} did not answer. Kind: ICMP {}.",
            "src_endpoint.ip",
            number(_failed + _answered, HOSTS),
            span("began", "ended"),
            joined("hosts", 3),
            number(_failed, HOSTS),
            names_of("kinds", KINDS),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return severities(rows, rows["failed"] >= WIDE_HOSTS)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, inside=("T1018",), outside=("T1595.001",))
