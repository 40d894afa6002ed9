"""Zeek's conn, dhcp, tunnel and arp logs as tables: field -> type, OCSF column -> expression.

* conn: ``time`` is the end (``ts`` + ``duration``), ``traffic.bytes_*`` are IP bytes (``*_ip_bytes``), the payload's stand under
  ``vedette``. ICMP has its type as source port and its code as destination port, as Zeek writes them.
* arp: a request is an unanswered flow (S0) by the asker, a reply a flow (SF) by the one who asked.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import EventClass
from vedette.sources.zeek.expressions import ID, PROTOCOLS, WHO, after, integer, named, sane
from vedette.sources.zeek.fields import Log

_ICMP6 = (col("proto") == "icmp") & col("id.orig_h").str.contains(":", literal=True)
_END = after(col("ts"), col("duration"))
_LOCAL = (
    pl.when(col("local_orig")).then(2).otherwise(0) + pl.when(col("local_resp")).then(1).otherwise(0)
).replace_strict({3: 3, 2: 2, 1: 1, 0: 0}, return_dtype=pl.Int32)

CONN = Log(
    EventClass.NETWORK_ACTIVITY,
    fields={
        **ID,
        "proto": "text",
        "service": "text",
        "duration": "interval",
        "orig_bytes": "count",
        "resp_bytes": "count",
        "conn_state": "text",
        "local_orig": "flag",
        "local_resp": "flag",
        "missed_bytes": "count",
        "history": "text",
        "orig_pkts": "count",
        "orig_ip_bytes": "count",
        "resp_pkts": "count",
        "resp_ip_bytes": "count",
    },
    columns={
        **WHO,
        "time": _END,
        "start_time": col("ts"),
        "end_time": _END,
        "duration": (sane(col("duration")) * 1000).round().cast(pl.Int64),
        "activity_id": integer(6),
        "status_code": col("conn_state"),
        "connection_info.flag_history": col("history"),
        "connection_info.protocol_num": pl.when(_ICMP6).then(58).otherwise(named(col("proto"), PROTOCOLS)),
        "connection_info.protocol_name": pl.when(_ICMP6).then(pl.lit("icmp6")).otherwise(col("proto")),
        "connection_info.direction_id": pl.when(col("local_orig").is_not_null() & col("local_resp").is_not_null()).then(
            _LOCAL
        ),
        "app_protocol_name": col("service").str.replace_all("ssl", "tls", literal=True),
        "traffic.bytes_out": col("orig_ip_bytes"),
        "traffic.bytes_in": col("resp_ip_bytes"),
        "traffic.bytes_missed": col("missed_bytes"),
        "traffic.packets_out": col("orig_pkts"),
        "traffic.packets_in": col("resp_pkts"),
        "vedette.payload_bytes_out": col("orig_bytes"),
        "vedette.payload_bytes_in": col("resp_bytes"),
    },
    marks=frozenset({"conn_state"}),
)

_DHCP = {"DISCOVER": 1, "OFFER": 2, "REQUEST": 3, "DECLINE": 4, "ACK": 5, "NAK": 6, "RELEASE": 7, "INFORM": 8}

DHCP = Log(
    EventClass.DHCP_ACTIVITY,
    fields={
        **ID,
        "uids": "texts",
        "client_addr": "text",
        "server_addr": "text",
        "mac": "text",
        "host_name": "text",
        "lease_time": "interval",
        "msg_types": "texts",
        "trans_id": "count",
        "server_message": "text",
    },
    columns={
        **WHO,
        "metadata.uid": pl.coalesce("uid", col("uids").list.first()),
        "connection_info.uid": pl.coalesce("uid", col("uids").list.first()),
        "connection_info.protocol_num": integer(17),
        "connection_info.protocol_name": pl.lit("udp"),
        "app_protocol_name": pl.lit("dhcp"),
        "activity_id": named(col("msg_types").list.last(), _DHCP, 99),
        "src_endpoint.ip": pl.coalesce("id.orig_h", "client_addr"),
        "dst_endpoint.ip": pl.coalesce("id.resp_h", "server_addr"),
        "src_endpoint.mac": col("mac"),
        "src_endpoint.hostname": col("host_name"),
        "lease_dur": sane(col("lease_time")).cast(pl.Int32, strict=False),
        "transaction_uid": col("trans_id").cast(pl.String),
        "status_detail": col("server_message"),
        "message": col("msg_types").list.join(" "),
    },
    marks=frozenset({"mac", "lease_time"}),
)

_TUNNEL = {"Tunnel::DISCOVER": 1, "Tunnel::CLOSE": 2, "Tunnel::EXPIRE": 2}

TUNNEL = Log(
    EventClass.TUNNEL_ACTIVITY,
    fields={**ID, "tunnel_type": "text", "action": "text"},
    columns={
        **WHO,
        "activity_id": named(col("action"), _TUNNEL, 99),
        "status_code": col("action"),
        "tunnel_type": col("tunnel_type").str.strip_prefix("Tunnel::").str.to_lowercase(),
    },
    marks=frozenset({"tunnel_type"}),
)

_REPLY = (col("operation") == "reply").fill_null(value=False)


def _asker(asked: str, answered: str) -> pl.Expr:
    """Return the field of a request, or that of the other side in a reply: the flow belongs to the asker."""
    return pl.when(_REPLY).then(col(answered)).otherwise(col(asked))


ARP = Log(
    EventClass.NETWORK_ACTIVITY,
    fields={
        "ts": "time",
        "operation": "text",
        **dict.fromkeys(("src_mac", "dst_mac", "orig_h", "resp_h"), "text"),
    },
    columns={
        "time": col("ts"),
        "start_time": col("ts"),
        "end_time": col("ts"),
        "metadata.product.name": pl.lit("Zeek"),
        "activity_id": integer(6),
        "connection_info.protocol_name": pl.lit("arp"),
        "status_code": pl.when(_REPLY).then(pl.lit("SF")).otherwise(pl.lit("S0")),
        "src_endpoint.ip": _asker("orig_h", "resp_h"),
        "dst_endpoint.ip": _asker("resp_h", "orig_h"),
        "src_endpoint.mac": _asker("src_mac", "dst_mac"),
        "dst_endpoint.mac": _asker("dst_mac", "src_mac"),
    },
    marks=frozenset({"operation", "src_mac"}),
)
