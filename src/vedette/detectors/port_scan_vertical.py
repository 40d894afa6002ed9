"""Many ports of one host, most of which do not answer."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.contact import KINDS
from vedette.features.first_contact import attacks, breadth, expected, outcomes, severities
from vedette.features.flow_pair import PORTS, FlowPair
from vedette.features.wording import joined, names_of, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_PORTS = 1.0
"""Ports of one host that fail for one client in ten minutes."""
WIDE_PORTS = 100
"""From here on an outsider's scan is more than curiosity."""
SCAN_PACKETS = 8.0
"""Packets spent on a port at the most: a system that connects sends up to seven SYN (RFC 6298 back-off), a scanner one to three."""
SCAN_BYTES = 150.0
"""IP bytes of a probe: a header and at most a small question."""

_failed, _answered = pl.col("failed"), pl.col("answered")
_effort = pl.col("packets") / _failed
_size = pl.col("bytes") / pl.col("packets")


class PortScanVertical(LogOdds):
    """Vertical port scan: one host tries many ports of another, and most do not answer.

    Normal is that a client knows its ports: one or two a host, which answer. The evidence is that of first contacts (Jung et al. 2004, see
    ``features/first_contact``), with distinct ports as contacts; slow scans show in the window of a day. What was sent tells a scan from a
    flood on random ports: a scanner spends a few small packets on a port.

    Known false positives:

    * a vulnerability scanner or inventory of your own: name it under `network.scanners`;
    * a client of a service on changing ports (FTP, RPC, TFTP, media) behind a firewall that lets its control connection pass only;
    * a server restarting while its clients use many of its ports.

    Blind spots:

    * fewer than about ten ports a day;
    * a scan split over many sources;
    * sources that count one direction only, for UDP; UDP probes sent from a port below 1,024;
    * ports that all answer (a tar pit): handshakes dropped without data count as probes, others do not;
    * a flood on random ports of one victim from one source with small packets looks the same as a fast scan: both may be reported.

    Example: ``nmap -sS 10.0.0.9`` from 10.0.0.5: 1,000 ports in two seconds, 996 refused.
    """

    name = "port_scan_vertical"
    title = "Vertical port scan"
    needs = FlowPair
    analytic = Analytic.STATISTICAL
    techniques = ("T1046", "T1595.001")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        failed, tried, usual = number(_failed, PORTS), number(_failed + _answered, PORTS), number(expected(USUAL_PORTS))
        share = pl.format("{} of {} ports led nowhere (normal: about a fifth)", failed, tried)
        width = pl.format("{} different ports failed (normal: about {})", failed, usual)
        effort = pl.format("{} packets for each port (a scan: 1 to 3)", _effort.round(1))
        size = pl.format("packets of {} bytes (a scan: below {})", number(_size), pl.lit(int(SCAN_BYTES)))
        return [
            Term(outcomes(_failed, _answered), share, "failed"),
            Term(breadth(_failed, _answered, usual=USUAL_PORTS), width, "failed"),
            Term(-12 * (_effort / SCAN_PACKETS).log().clip(lower_bound=0), effort, "packets"),
            Term(-15 * (_size / SCAN_BYTES).log().clip(lower_bound=0), size, "bytes"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} tried {} ports of {} in {}, such as {}: {} led nowhere. Kind: {}.",
            "src_endpoint.ip",
            number(_failed + _answered, PORTS),
            "dst_endpoint.ip",
            span("began", "ended"),
            joined("ports"),
            number(_failed, PORTS),
            names_of("kinds", KINDS),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return severities(rows, rows["failed"] >= WIDE_PORTS)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, inside=("T1046",), outside=("T1595.001",))
