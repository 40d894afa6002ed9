"""One port on many hosts, most of which do not answer."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.contact import KINDS
from vedette.features.first_contact import attacks, breadth, expected, outcomes, severities
from vedette.features.flow_service import HOSTS, FlowService
from vedette.features.wording import joined, names_of, number, span
from vedette.model import Analytic, EntityKind, Severity

USUAL_HOSTS = 1.0
"""Hosts that fail one client on one port in ten minutes."""
EVERYWHERE = (25, 53, 80, 123, 137, 443, 465, 587, 853, 993, 3478, 5222, 5228, 8080, 8443)
"""Ports on which honest clients meet many hosts, so that more of them fail."""
USUAL_EVERYWHERE = 4.0
WIDE_HOSTS = 100
"""From here on an outsider's scan is more than curiosity."""
PEER_PORTS = (1214, 4001, 4661, 4662, 4665, 4672, 6346, 6347, *range(6881, 6890), 6969, 8333, 9333, 30303, 51413)
"""Where peer-to-peer programs meet (KaZaA, IPFS, eDonkey, Gnutella, BitTorrent, Bitcoin, Ethereum): peers come and go, so silence says
nothing, and hundreds are usual."""
PEERS = 300.0

_everywhere = pl.col("dst_endpoint.port").is_in(EVERYWHERE)
_peer = pl.col("dst_endpoint.port").is_in(PEER_PORTS)
_failed, _answered = pl.col("failed"), pl.col("answered")


class PortScanHorizontal(LogOdds):
    """Horizontal port scan: one host tries one port on many hosts, and most do not answer.

    Normal is that a client goes where somebody listens: a browser, a resolver or a proxy meets thousands of hosts and a tenth fail. The
    evidence is that of first contacts (Jung et al. 2004, see ``features/first_contact``), with distinct hosts as contacts; slow scans and
    worms show in the window of a day.

    Known false positives:

    * a vulnerability scanner, inventory or monitoring of your own whose list is out of date: name it under `network.scanners`;
    * an outage of the uplink: every client's contacts fail at once, to the ports it uses most;
    * peer-to-peer programs on an unusual port on which all peers agree, where hardly any peer is there any more;
    * discovery of printers and other devices by asking each address of a subnet.

    Blind spots:

    * fewer than about ten hosts on a port in ten minutes, or twenty a day;
    * a scan split over many sources, or hidden among many more answered contacts on the same port;
    * sources that count one direction only, for UDP; UDP probes sent from a port below 1,024;
    * targets taken from a list of hosts that do answer;
    * ports of peer-to-peer programs, but for hundreds of hosts.

    Example: a worm on 10.0.0.5 tries port 445 of 10.0.1.1 to 10.0.1.254; 240 do not answer.
    """

    name = "port_scan_horizontal"
    title = "Horizontal port scan"
    needs = FlowService
    analytic = Analytic.STATISTICAL
    techniques = ("T1046", "T1018", "T1595.001")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "hosts", ends=True),)

    def terms(self) -> list[Term]:
        usual = pl.when(_peer).then(PEERS).when(_everywhere).then(USUAL_EVERYWHERE).otherwise(USUAL_HOSTS)
        failed, tried = number(_failed, HOSTS), number(_failed + _answered, HOSTS)
        share = pl.format("{} of {} hosts led nowhere (normal: about a fifth)", failed, tried)
        width = pl.format("{} different hosts failed (normal: about {})", failed, number(expected(usual)))
        return [
            Term(pl.when(~_peer).then(outcomes(_failed, _answered)), share, "failed"),
            Term(breadth(_failed, _answered, usual=usual), width, "failed"),
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
