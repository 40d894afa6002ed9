"""Every EVE event type that has columns of its own (https://docs.suricata.io/en/latest/output/eve/eve-json-format.html)."""

from __future__ import annotations

from vedette.sources.suricata.applications import DNS, FILEINFO, HTTP, QUIC, SMTP, SSH, TLS
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.flows import ARP, DHCP, FLOW
from vedette.sources.suricata.reports import ALERT, ANOMALY, OTHER
from vedette.sources.suricata.windows import CALL, DCERPC, KRB5, LOGON, RDP, SMB, SMB_CALL, SMB_LOGON

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
    "smb": SMB,
    "dcerpc": DCERPC,
    "krb5": KRB5,
    "rdp": RDP,
}
"""By ``event_type``, also the name of the object that it holds; every other type is ``OTHER`` and keeps its objects in ``unmapped``."""
KINDS: dict[str, Event] = {SMB_CALL: CALL, SMB_LOGON: LOGON}
"""Of smb records, those that are something else."""


def event_of(name: str) -> Event:
    """Return the event of a type, or of a kind of it."""
    return EVENTS.get(name) or KINDS.get(name, OTHER)
