"""A protocol on a port that belongs to another one."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.flow_protocol import FlowProtocol
from vedette.features.sketch import K
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity

ODD: dict[str, float] = {
    "ssh": 11.0,
    "telnet": 11.0,
    "rdp": 11.0,
    "rfb": 11.0,
    "smb": 11.0,
    "irc": 11.0,
    "socks": 11.0,
    "ftp": 10.0,
    "smtp": 10.0,
    "dns": 10.0,
    "http": 9.8,
    "tls": 9.5,
}
"""Protocol -> evidence in nats that it was moved there on purpose: remote control and tunnels above what is often just set up wrong."""
MANY_CLIENTS = 3.0
"""A service that so many clients use is meant to be there."""

_clients = pl.col("clients")


class ProtocolMismatch(LogOdds):
    """Protocol on another's port: what is spoken, by payload, is not what the well-known port is for.

    Firewalls let port 443, 80 or 53 pass, so shells, tunnels and control channels go there. Normal is that a server in use keeps to the
    registry of ports (IANA); a protocol on a port that belongs to nobody (HTTP on 8080, SSH on 2222) is ordinary and not judged. A rule
    with weights: how odd the protocol is there, less what many clients say for it.

    Known false positives:

    * plain HTTP answered on port 443, and TLS tried on port 80, by servers set up wrong or by scanners;
    * SSH on port 443 for people behind strict firewalls; multiplexers that serve both;
    * a parser that takes one protocol for another.

    Blind spots:

    * tunnels inside the right protocol (TLS on 443, DNS on 53);
    * sources that do not look at the payload (NetFlow): the detector does not run;
    * ports that are not in the table.

    Example: 10.0.0.5 speaks SSH to port 443 of 203.0.113.9.
    """

    name = "protocol_mismatch"
    title = "Protocol on another's port"
    needs = FlowProtocol
    analytic = Analytic.RULE
    techniques = ("T1571", "T1071")
    severity = Severity.LOW
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        app, usual = pl.col("app"), pl.col("usual")
        odd = pl.format("{} on port {}, which is for {}", app, "dst_endpoint.port", usual)
        used = pl.format("{} clients use it: it seems to be meant so", number(_clients, K))
        return [
            Term(app.replace_strict(ODD, default=0.0, return_dtype=pl.Float64), odd, "app"),
            Term(pl.when(pl.col("across")).then(1.0), pl.lit("it crosses the border of the network"), "across"),
            Term(-3 * (_clients / MANY_CLIENTS).log().clip(lower_bound=0), used, "clients"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} spoke {} to port {} of {}, which is for {} (connections: {}, bytes: {}).",
            joined("sources", 3),
            "app",
            "dst_endpoint.port",
            "dst_endpoint.ip",
            "usual",
            number(pl.col("flows")),
            number(pl.col("bytes").fill_null(0)),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        outbound = (
            rows["inside"] & rows["across"] & rows["app"].is_in(["ssh", "telnet", "rdp", "rfb", "smb", "irc", "socks"])
        )
        return [Severity.MEDIUM if o else Severity.LOW for o in outbound]  # hits only: few
