"""A connection that lasts far longer than its kind usually does."""

from __future__ import annotations

import math
from datetime import timedelta

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.flow_duration import FlowDuration
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

USUAL: dict[str, timedelta] = {
    "ssh": timedelta(minutes=15),
    "rdp": timedelta(minutes=30),
    "imap": timedelta(minutes=20),
    "xmpp": timedelta(minutes=30),
    "irc": timedelta(minutes=30),
    "mqtt": timedelta(minutes=30),
    "smb": timedelta(minutes=10),
    "mysql": timedelta(minutes=10),
    "postgresql": timedelta(minutes=10),
}
"""Protocol by payload -> the median length of a connection. Orders of magnitude, not measurements of your site."""
OTHER = timedelta(minutes=1)
"""The same for every other protocol."""
BY_PORT = {
    22: "ssh",
    143: "imap",
    445: "smb",
    993: "imap",
    1883: "mqtt",
    3306: "mysql",
    3389: "rdp",
    5222: "xmpp",
    5223: "xmpp",
    5228: "xmpp",
    5432: "postgresql",
    8883: "mqtt",
}
"""Where the payload says nothing: what the port stands for (IANA; 5223 and 5228: push services)."""
VPN_PORTS = (500, 1194, 4500, 51820)
"""Tunnels that are meant to stay: IKE, OpenVPN, IPsec through NAT, WireGuard."""
SPREAD = 1.6
"""Standard deviation of the logarithm of the length: connection lengths are about log-normal (Paxson, "Empirically derived analytic
models of wide-area TCP connections", IEEE/ACM ToN 1994)."""

_minutes = pl.col("longest").dt.total_seconds() / 60


class LongConnection(LogOdds):
    """Long connection: one that lasts far longer than its kind; alone no alarm, but worth a look beside other findings.

    A tunnel, a remote shell or a control channel stays open; so do many honest programs. Lengths are about log-normal within a protocol
    (Paxson 1994), so the evidence is how far out in that tail the longest one lies.

    Known false positives:

    * push services, chat, web sockets, remote desktops and shells that somebody leaves open;
    * virtual private networks on unusual ports; replication and backup.

    Blind spots:

    * channels that reconnect every few hours;
    * connections that have not ended: sources report a flow when it is over (or at their active time-out);
    * sources that cut long flows (NetFlow, after half an hour as a rule).

    Example: 10.0.0.5 holds a connection to port 443 of 203.0.113.9 for three days.
    """

    name = "long_connection"
    title = "Long connection"
    needs = FlowDuration
    analytic = Analytic.STATISTICAL
    techniques = ("T1572", "T1071")
    severity = Severity.INFORMATIONAL
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        usual = _usual_minutes()
        deviation = ((_minutes / usual).log() / SPREAD).clip(lower_bound=0)
        surprise = deviation.pow(2) / 2 + (1 + deviation).log() + 0.5 * math.log(math.pi / 2)
        text = pl.format("{} hours (usual here: {} minutes)", (_minutes / 60).round(1), number(usual))
        vpn = pl.col("dst_endpoint.port").is_in(VPN_PORTS)
        return [
            Term(surprise, text, "longest"),
            Term(pl.when(~pl.col("across")).then(-3.0), pl.lit("both ends are ours"), "across"),
            Term(
                pl.when(vpn).then(-8.0),
                pl.lit("a port of private networks, which are meant to stay"),
                "dst_endpoint.port",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} held a connection to port {} of {} for {} hours ({} bytes, {}).",
            "src_endpoint.ip",
            "dst_endpoint.port",
            "dst_endpoint.ip",
            (_minutes / 60).round(1),
            number(pl.col("bytes").fill_null(0)),
            pl.col("app").fill_null("unknown protocol"),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        outbound = (rows["inside"] & rows["across"]).to_list()
        return [Severity.LOW if o else Severity.INFORMATIONAL for o in outbound]


def _usual_minutes() -> pl.Expr:
    """The median length by payload, else by what the port stands for."""
    minutes = {name: length / timedelta(minutes=1) for name, length in USUAL.items()}
    by_port = pl.col("dst_endpoint.port").replace_strict(BY_PORT, default=None, return_dtype=pl.String)
    return pl.coalesce("app", by_port).replace_strict(
        minutes, default=OTHER / timedelta(minutes=1), return_dtype=pl.Float64
    )
