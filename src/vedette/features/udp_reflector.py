"""One-way UDP by target and source port: answers of a service that nobody asked."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.sketch import count_distinct, distinct, merge_distinct, merge_sample, sample

REFLECTORS: dict[int, str] = {
    17: "QOTD",
    19: "chargen",
    53: "DNS",
    69: "TFTP",
    111: "portmap",
    123: "NTP",
    137: "NetBIOS",
    161: "SNMP",
    177: "XDMCP",
    389: "CLDAP",
    427: "SLP",
    443: "QUIC",
    500: "ISAKMP",
    520: "RIP",
    623: "IPMI",
    1194: "OpenVPN",
    1434: "MS-SQL browser",
    1604: "Citrix ICA",
    1900: "SSDP",
    2123: "GTP",
    3283: "ARMS",
    3389: "RDP over UDP",
    3478: "STUN",
    3702: "WS-Discovery",
    5060: "SIP",
    5093: "Sentinel licence",
    5351: "NAT-PMP",
    5353: "mDNS",
    5683: "CoAP",
    7547: "CWMP",
    8088: "Mitel MiCollab",
    10001: "Ubiquiti discovery",
    10074: "Mitel test driver",
    11211: "memcached",
    20811: "Powerhouse VPN",
    27015: "Steam",
    27960: "Quake",
    30718: "Lantronix",
    32414: "Plex",
    33848: "Jenkins discovery",
    37020: "SADP",
    37810: "DVR discovery",
    47808: "BACnet",
}
"""UDP services that answer strangers, by port: Rossow, "Amplification Hell", NDSS 2014; CISA alert TA14-017A and its updates."""

_EPHEMERAL = (
    32_768  # an unknown service listens below the ports that clients use (Linux: from here; RFC 6335: from 49152)
)
_COUNTS = ("flows", "packets", "bytes", "same_port", "outbound")


class UdpReflector(WindowFeatures):
    """A row per single target and source port, of UDP that nobody answered and that comes from a service's port."""

    name = "udp_reflector"
    needs = EventClass.NETWORK_ACTIVITY
    requires = (*shape.REQUIRES, "src_endpoint.port", "dst_endpoint.port", "traffic.packets_in")
    uses = shape.USES
    keys = ("target", "peer_port")
    windows = (timedelta(minutes=1),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        alone = (pl.col("connection_info.protocol_name") == "udp") & shape.unanswered()
        port = pl.col("peer_port")
        service = (port < _EPHEMERAL) | port.is_in(list(REFLECTORS))
        return (
            shape.towards_target(events.filter(alone)).filter(service).with_columns(same=port == pl.col("target_port"))
        )

    def partial(self) -> list[pl.Expr]:
        source = pl.col("peer")
        return [
            pl.len().cast(pl.Int64).alias("flows"),
            pl.col("sent").sum().alias("packets"),
            pl.col("sent_bytes").sum().alias("bytes"),
            pl.col("same").sum().cast(pl.Int64).alias("same_port"),
            pl.col("outbound").sum().cast(pl.Int64).alias("outbound"),
            pl.col("begun").min().alias("from"),
            pl.col("time").max().alias("until"),
            distinct(source).alias("source_set"),
            sample(source).alias("sources"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("from").min(),
            pl.col("until").max(),
            merge_distinct("source_set"),
            merge_sample("sources"),
        ]

    def finish(self) -> list[pl.Expr]:
        service = pl.col("peer_port").replace_strict(REFLECTORS, default=None, return_dtype=pl.String)
        return [
            *(pl.col(c) for c in (*_COUNTS, "sources")),
            service.alias("service"),
            shape.span_seconds("from", "until").alias("span_seconds"),
            shape.per_second("packets", "from", "until").alias("packet_rate"),
            count_distinct("source_set").round(0).alias("source_count"),
            (pl.col("bytes") / pl.col("packets")).fill_nan(0.0).alias("bytes_per_packet"),
            (pl.col("same_port") / pl.col("flows")).alias("same_port_share"),
        ]
