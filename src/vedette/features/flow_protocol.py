"""Protocols on ports that belong to another one."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

PORTS: dict[int, tuple[str, ...]] = {
    21: ("ftp", "tls"),
    22: ("ssh",),
    23: ("telnet",),
    25: ("smtp", "tls"),
    53: ("dns",),
    80: ("http", "websocket"),
    88: ("kerberos", "krb", "krb5", "krb_tcp"),
    110: ("pop3", "tls"),
    123: ("ntp",),
    143: ("imap", "tls"),
    389: ("ldap", "ldap_tcp", "ldap_udp", "tls"),
    443: ("tls", "quic", "dtls", "http2", "http3", "websocket"),
    445: ("smb", "gssapi", "ntlm", "dce_rpc"),
    465: ("tls", "smtp"),
    587: ("smtp", "tls"),
    636: ("tls", "ldap"),
    853: ("tls", "dns", "quic"),
    993: ("tls", "imap"),
    995: ("tls", "pop3"),
    1433: ("mssql", "tds", "tls"),
    3306: ("mysql", "tls"),
    3389: ("rdp", "tls"),
    5432: ("postgresql", "pgsql", "tls"),
}
"""Port -> what may be spoken there: its service first (IANA Service Name and Port Number Registry), then what may carry or replace it."""

JUDGED = ("ssh", "telnet", "rdp", "rfb", "smb", "ftp", "smtp", "irc", "socks", "dns", "http", "tls")
"""Protocols that parsers recognise by payload without doubt, and that an attacker would move; others are left alone."""

_app, _port = pl.col("app"), pl.col("dst_endpoint.port")


class FlowProtocol(WindowFeatures):
    """A row per destination, port, protocol and hour, where the protocol is not what the port is for.

    ``usual`` is the protocol that the port is for; ``clients`` counts distinct sources (beyond 128: estimated), ``flows`` connections,
    ``bytes`` what went either way; ``inside`` says that a source is ours, ``across`` that a connection crosses our border.
    """

    name = "flow_protocol"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "app_protocol_name")
    uses = ("connection_info.direction_id", "traffic.bytes_out", "traffic.bytes_in")
    keys = ("dst_endpoint.ip", "dst_endpoint.port", "app")
    windows = (timedelta(hours=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Keep what does not fit. A flow may speak several protocols ("smtp,tls"): the first counts, the rest it carries."""
        flows = events.filter(_port.is_in(list(PORTS))).with_columns(
            app=pl.col("app_protocol_name").str.extract(r"^([a-z0-9_]+)"),
            usual=_port.replace_strict(
                {port: fits[0] for port, fits in PORTS.items()}, default=None, return_dtype=pl.String
            ),
        )
        odd = flows.filter(_app.is_in(JUDGED) & (_app != pl.col("usual"))).filter(~_fits())
        direction = pl.col("connection_info.direction_id")
        return odd.with_columns(
            bytes=pl.sum_horizontal("traffic.bytes_out", "traffic.bytes_in"),
            inside=(direction > 1).fill_null(value=False),
            across=(direction <= 2).fill_null(value=True),  # noqa: PLR2004 - OCSF: 1 inbound, 2 outbound
        )

    def partial(self) -> list[pl.Expr]:
        source = pl.col("src_endpoint.ip")
        return [
            distinct(source).alias("clients"),
            sample(source).alias("sources"),
            pl.len().cast(pl.Int64).alias("flows"),
            *_BOTH,
        ]

    def merge(self) -> list[pl.Expr]:
        return [merge_distinct("clients"), merge_sample("sources"), pl.col("flows").sum(), *_BOTH]

    def finish(self) -> list[pl.Expr]:
        return [
            count_distinct("clients").alias("clients"),
            *map(pl.col, ("sources", "flows", "usual", "bytes", "inside", "across")),
        ]


_BOTH = [pl.col("usual").max(), pl.col("bytes").sum(), pl.col("inside").any(), pl.col("across").any()]
"""What is aggregated alike from flows and from partials."""


def _fits() -> pl.Expr:
    """The protocol may be spoken on the port."""
    carriers: dict[str, list[int]] = {app: [port for port, fits in PORTS.items() if app in fits] for app in JUDGED}
    return pl.any_horizontal((_app == app) & _port.is_in(ports) for app, ports in carriers.items())
