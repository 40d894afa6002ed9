"""What a finding about a host says for an infection: its kind, and what it is worth in nats.

A table, so that detectors stay apart: name of a detector -> what its findings are a sign of. A detector that is not in it (a new one, or
another engine's rule) counts by the tactic of its first ATT&CK technique.

The worth is the logarithm of how many times likelier a finding that is as likely true as not is on an infected host than on another one,
in a day; the score's log-odds are added. ``most`` bounds what a finding counts for. These are judgements: by how often honest hosts show
such a sign (one URL of thousands looks bad nearly every day; a beacon to a place of its own hardly ever), not fitted to any data set.
"""

from __future__ import annotations

from dataclasses import dataclass

from vedette.intel.attack import techniques

KINDS: dict[str, str] = {
    "names": "asks for names that a program made up",
    "contact": "keeps contact with a place outside, in a rhythm",
    "tunnel": "carries data in a tunnel",
    "sending": "sends out more than it should",
    "exploring": "explores the network",
    "spreading": "turns on other hosts",
    "sites": "asks for hostile sites",
    "odd": "connects in an unusual way",
    "rare": "goes where nobody else goes",
    "alerts": "other engines raise alerts about it",
}
"""Kind of sign -> what the host does, in words."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a finding counts for.

    Attributes:
        kind: one of ``KINDS``; of each kind the best finding counts.
        worth: nats of a finding with score one half.
        most: nats that it counts for at the most.
    """

    kind: str
    worth: float
    most: float


SIGNS: dict[str, Sign] = {
    "generated_domains": Sign("names", 4.5, 6.5),
    "domain": Sign("names", 0.0, 2.0),
    "failed_lookups": Sign("names", 0.5, 2.0),
    "beacon": Sign("contact", 3.0, 6.0),
    "beacon_name": Sign("contact", 3.0, 6.0),
    "beacon_slow": Sign("contact", 3.0, 6.0),
    "dns_tunnel": Sign("tunnel", 3.5, 6.5),
    "dns_tunnel_slow": Sign("tunnel", 3.0, 6.0),
    "icmp_tunnel": Sign("tunnel", 3.0, 6.0),
    "exfiltration": Sign("sending", 3.0, 6.0),
    "exfiltration_slow": Sign("sending", 3.0, 6.0),
    "port_scan_vertical": Sign("exploring", 3.0, 4.0),
    "port_scan_horizontal": Sign("exploring", 3.0, 4.0),
    "port_scan_block": Sign("exploring", 3.0, 4.0),
    "arp_sweep": Sign("exploring", 2.0, 3.0),
    "icmp_sweep": Sign("exploring", 2.0, 3.0),
    "icmp_fingerprinting": Sign("exploring", 2.0, 3.0),
    "remote_discovery": Sign("exploring", 1.0, 2.0),
    "lateral_movement": Sign("spreading", 3.0, 4.0),
    "remote_execution": Sign("spreading", 2.0, 4.0),
    "remote_secrets": Sign("spreading", 3.0, 4.0),
    "service_exploit": Sign("spreading", 3.0, 4.0),
    "url": Sign("sites", 0.0, 2.5),
    "unanswered_port": Sign("odd", 1.0, 2.5),
    "long_connection": Sign("odd", 0.0, 1.0),
    "protocol_mismatch": Sign("odd", 1.0, 2.0),
    "flow_anomaly": Sign("odd", 0.5, 1.5),
    "flow_classifier": Sign("odd", 0.5, 1.5),
    "new_and_rare": Sign("rare", 0.5, 2.0),
    "new_software": Sign("rare", 0.5, 2.0),
}
"""Detector -> what its findings are a sign of."""

OTHER = Sign("alerts", 0.5, 1.1)
"""A finding about which nothing else is known."""
BY_TACTIC: dict[str, Sign] = {
    "command-and-control": Sign("contact", 1.0, 3.0),
    "exfiltration": Sign("sending", 1.0, 3.0),
    "reconnaissance": Sign("exploring", 1.0, 3.0),
    "discovery": Sign("exploring", 1.0, 3.0),
    "lateral-movement": Sign("spreading", 1.0, 3.0),
    "credential-access": Sign("spreading", 1.0, 3.0),
    "execution": Sign("spreading", 1.0, 3.0),
    "impact": Sign("spreading", 1.0, 3.0),
}
"""Earliest tactic of a technique -> the sign of a detector that is not in the table."""


def by_technique() -> dict[str, Sign]:
    """Return the sign of every ATT&CK technique whose earliest tactic is one of ``BY_TACTIC``."""
    return {uid: BY_TACTIC[t.tactics[0]] for uid, t in techniques().items() if t.tactics[0] in BY_TACTIC}
