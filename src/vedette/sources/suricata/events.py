"""Every EVE event type that has columns of its own (https://docs.suricata.io/en/latest/output/eve/eve-json-format.html)."""

from __future__ import annotations

from vedette.sources.suricata.applications import DNS, FILEINFO, HTTP, QUIC, SMTP, SSH, TLS
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.flows import ARP, DHCP, FLOW
from vedette.sources.suricata.reports import ALERT, ANOMALY

EVENTS: dict[str, Event] = {
    "flow": FLOW,
    "netflow": FLOW,
    "dns": DNS,
    "http": HTTP,
    "tls": TLS,
    "quic": QUIC,
    "ssh": SSH,
    "smtp": SMTP,
    "fileinfo": FILEINFO,
    "dhcp": DHCP,
    "arp": ARP,
    "alert": ALERT,
    "anomaly": ANOMALY,
}
"""By ``event_type``; every other type is ``OTHER`` and keeps its objects in ``unmapped``."""
