"""EVE's flow, dhcp and arp events as tables: OCSF column -> expression over the fields of the record.

* flow: ``src_ip`` is the initiator. Bytes are counted by Suricata with the link header (``vedette.frame_bytes_*``); ``traffic.bytes_*``
  repeats them, 14 a packet too many on Ethernet, since nothing else is there. ``status_code`` is Zeek's conn_state, as far as the flags of
  both directions tell (after a reset it is not known who closed first). ICMP has its type as source port and its code as destination port.
* dhcp: a reply comes from the server, so it is turned: ``src`` is always the client. arp: the flow belongs to the asker, also in a reply.
"""

from __future__ import annotations

from itertools import product

import polars as pl
from polars import col

from vedette.events.schema import EventClass
from vedette.sources.suricata.expressions import APP, BASE, PORTS, Event, integer, named, turned

_FIN, _SYN, _RST = 1, 2, 4
_TO, _FROM = col("tcp.tcp_flags_ts"), col("tcp.tcp_flags_tc")
_SENT, _BACK = col("flow.pkts_toserver") > 0, col("flow.pkts_toclient") > 0
_FLAGS = 8


def _tcp_state(to: int, fro: int, sent: bool, back: bool) -> str:
    """Return Zeek's conn_state from the flags of both directions, and whether each had packets: first match."""
    states = (
        (not to & _SYN and fro & _SYN and fro & _RST, "RSTRH"),
        (not to & _SYN and fro & _SYN and fro & _FIN and not sent, "SHR"),
        (not to & _SYN, "OTH"),
        (not fro & _SYN and fro & _RST, "REJ"),
        (not fro & _SYN and to & _RST, "RSTOS0"),
        (not fro & _SYN and to & _FIN and not back, "SH"),
        (not fro & _SYN and not back, "S0"),
        (not fro & _SYN, "OTH"),
        (to & _FIN and fro & _FIN, "SF"),
        (fro & _RST, "RSTR"),
        (to & _RST, "RSTO"),
        (to & _FIN, "S2"),
        (fro & _FIN, "S3"),
    )
    return next((name for found, name in states if found), "S1")


_TCP_STATES = pl.Series(
    [_tcp_state(*case) for case in product(range(_FLAGS), range(_FLAGS), (False, True), (False, True))]
)
_CASE = ((_TO % _FLAGS * _FLAGS + _FROM % _FLAGS) * 2 + _SENT.fill_null(value=True)) * 2 + _BACK.fill_null(value=True)
"""The row of ``_TCP_STATES`` for a flow; null where one side's flags are."""
_STATE = (
    pl.when(col("proto") == "TCP")
    .then(pl.when((_TO | _FROM) != 0).then(pl.lit(_TCP_STATES).gather(_CASE)))
    .when(_SENT & _BACK)
    .then(pl.lit("SF"))
    .when(_SENT)
    .then(pl.lit("S0"))
    .when(_BACK)
    .then(pl.lit("SHR"))
)

FLOW = Event(
    EventClass.NETWORK_ACTIVITY,
    ("flow", "tcp"),
    {
        **BASE,
        **PORTS,
        "time": col("flow.end"),
        "start_time": col("flow.start"),
        "end_time": col("flow.end"),
        "duration": (col("flow.end") - col("flow.start")).dt.total_milliseconds(),
        "activity_id": integer(6),
        "app_protocol_name": APP,
        "status_code": _STATE,
        "status_detail": col("flow.state"),
        "connection_info.tcp_flags": _TO | _FROM,
        "traffic.packets_out": col("flow.pkts_toserver"),
        "traffic.packets_in": col("flow.pkts_toclient"),
        "traffic.bytes_out": col("flow.bytes_toserver"),
        "traffic.bytes_in": col("flow.bytes_toclient"),
        "vedette.frame_bytes_out": col("flow.bytes_toserver"),
        "vedette.frame_bytes_in": col("flow.bytes_toclient"),
    },
    time="flow.end",
)

_DHCP = {"discover": 1, "offer": 2, "request": 3, "decline": 4, "ack": 5, "nak": 6, "release": 7, "inform": 8}
DHCP = Event(
    EventClass.DHCP_ACTIVITY,
    ("dhcp",),
    {
        **BASE,
        **turned(col("dhcp.type") == "reply"),
        "activity_id": named(col("dhcp.dhcp_type"), _DHCP, 99),
        "app_protocol_name": pl.lit("dhcp"),
        "src_endpoint.mac": col("dhcp.client_mac"),
        "src_endpoint.hostname": col("dhcp.hostname"),
        "lease_dur": col("dhcp.lease_time").cast(pl.Int32, strict=False),
        "transaction_uid": col("dhcp.id").cast(pl.String),
        "message": col("dhcp.assigned_ip"),
    },
)
_REPLY = (col("arp.opcode") == "reply").fill_null(value=False)
ARP = Event(
    EventClass.NETWORK_ACTIVITY,
    ("arp",),
    {
        "time": col("timestamp"),
        "start_time": col("timestamp"),
        "end_time": col("timestamp"),
        "metadata.product.name": pl.lit("Suricata"),
        "activity_id": integer(6),
        "connection_info.protocol_name": pl.lit("arp"),
        "status_code": pl.when(_REPLY).then(pl.lit("SF")).otherwise(pl.lit("S0")),
        **{
            f"{side}_endpoint.{what}": pl.when(_REPLY)
            .then(col(f"arp.{there}_{what}"))
            .otherwise(col(f"arp.{here}_{what}"))
            for what in ("ip", "mac")
            for side, here, there in (("src", "src", "dest"), ("dst", "dest", "src"))
        },
    },
)
