"""One port on many hosts, most of which do not answer."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.contact import KINDS
from vedette.features.first_contact import attacks, breadth, expected, outcomes, severities
from vedette.features.flow_service import HOSTS, FlowService
from vedette.features.wording import joined, names_of, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_HOSTS = 3.0
"""Hosts that fail one client on one port in ten minutes."""
WIDE_HOSTS = 100
"""From here on an outsider's scan is more than curiosity."""

_failed, _answered = pl.col("failed"), pl.col("answered")


class PortScanHorizontal(LogOdds):
    """Horizontal port scan: one host tries one port on many hosts, and most do not answer.

    Normal is that a client goes where somebody listens: a browser, a resolver or a proxy meets thousands of hosts and a tenth fail. The
    evidence is that of first contacts (Jung et al. 2004, see ``features/first_contact``), with distinct hosts as contacts; slow scans and
    worms show in the window of a day.

    Known false positives:

    * a vulnerability scanner, inventory or monitoring of your own whose list is out of date: name it in the settings;
    * an outage of the uplink: every client's contacts fail at once, to the ports it uses most;
    * peer-to-peer programs that agree on one port, where hardly any peer is there any more;
    * discovery of printers and other devices by asking each address of a subnet.

    Blind spots:

    * fewer than about twenty hosts a day on a port;
    * a scan split over many sources, or hidden among many more answered contacts on the same port;
    * sources that count one direction only, for UDP; UDP probes sent from a port below 1,024;
    * targets taken from a list of hosts that do answer.

    Example: a worm on 10.0.0.5 tries port 445 of 10.0.1.1 to 10.0.1.254; 240 do not answer.
    """

    name = "port_scan_horizontal"
    title = "Horizontal port scan"
    needs = FlowService
    analytic = Analytic.STATISTICAL
    techniques = ("T1046", "T1018", "T1595.001")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts"),)

    def terms(self) -> list[Term]:
        failed, tried, usual = number(_failed, HOSTS), number(_failed + _answered, HOSTS), number(expected(USUAL_HOSTS))
        share = pl.format("{} of {} hosts led nowhere (normal: about a fifth)", failed, tried)
        width = pl.format("{} different hosts failed (normal: about {})", failed, usual)
        return [
            Term(outcomes(_failed, _answered), share, "failed"),
            Term(breadth(_failed, _answered, usual=USUAL_HOSTS), width, "failed"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} tried port {} of {} hosts in {}, such as {}: {} led nowhere. Kind: {}.",
            "src_endpoint.ip",
            "dst_endpoint.port",
            number(_failed + _answered, HOSTS),
            span("began", "ended"),
            joined("hosts", 3),
            number(_failed, HOSTS),
            names_of("kinds", KINDS),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return severities(rows, rows["failed"] >= WIDE_HOSTS)

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return attacks(rows, inside=("T1046", "T1018"), outside=("T1595.001",))
