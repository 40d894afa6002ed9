"""Flow records in columns -> Network Activity, with the originator first and Zeek's connection states.

``status_code`` is Zeek's conn_state as far as flags tell it. Flags do not tell their order, so a connection with FIN from both sides is
SF even if a RST came after. TCP without any flag known has no state.

=======  ====================================================  ========
state    originator's flags                                    responder's
=======  ====================================================  ========
S0       SYN, no FIN, no RST                                   none
SH       SYN and FIN                                           none
RSTOS0   SYN and RST                                           none
REJ      SYN                                                   RST, no SYN
S1       SYN                                                   SYN; no FIN or RST on either side
SF       SYN                                                   SYN; FIN on both sides
S2, S3   SYN; S2 with FIN                                      SYN; S3 with FIN
RSTO     SYN and RST                                           SYN
RSTR     SYN                                                   SYN and RST
SHR      none                                                  SYN and FIN
RSTRH    none                                                  SYN and RST
OTH      anything else
=======  ====================================================  ========

UDP: S0 without a reply, SF with one, SHR with only a reply. Everything else is OTH, as in Zeek.
"""

from __future__ import annotations

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.sources.netflow.flow_names import PROTOCOLS, TURNS

TRAFFIC = 6  # OCSF activity_id
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_TCP, _UDP = 6, 17
ZEEK_STATES = ("S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH")
_COMMON_NAMES = {
    number: name for name, number in reversed(PROTOCOLS.items()) if name not in ("rtp", "rtcp", "udt", "ipv6-icmp")
}


def batch(flows: pl.DataFrame, product: str) -> EventBatch:
    """Return Network Activity from (n, FLOWS + records)."""
    flows = _turned(flows)
    schema = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    code, way = _state(), pl.col("start")
    name = pl.coalesce(
        pl.col("protocol").replace_strict(_COMMON_NAMES, default=None, return_dtype=pl.String),
        "protocol_name",
        pl.format("ip-{}", "protocol"),
    )
    columns = {
        "time": pl.col("end"),
        "start_time": way,
        "end_time": pl.col("end"),
        "duration": (pl.col("end") - pl.col("start")).dt.total_milliseconds(),
        "activity_id": pl.lit(TRAFFIC),
        "status_code": code,
        "count": pl.lit(1),
        "metadata.sequence": pl.col("sequence"),
        "metadata.log_provider": pl.lit("netflow"),
        "metadata.product.name": pl.lit(product),
        "unmapped": pl.col("note"),
        **_endpoint("src"),
        **_endpoint("dst"),
        "connection_info.protocol_num": pl.col("protocol"),
        "connection_info.protocol_name": name,
        "connection_info.protocol_ver_id": pl.when(~_is_mac("src")).then(
            pl.when(pl.col("src").str.contains(":", literal=True)).then(6).otherwise(4)
        ),
        "connection_info.tcp_flags": pl.when(pl.col("protocol") == _TCP).then(
            pl.col("flags_out") | pl.col("flags_in").fill_null(0)
        ),
        **{f"traffic.{c}": pl.col(c) for c in ("bytes_out", "bytes_in", "packets_out", "packets_in")},
        **({f"vedette.frame_{c}": pl.col(c) for c in ("bytes_out", "bytes_in")} if product == "Argus" else {}),
    }
    frame = flows.select(e.cast(schema[c]).alias(c) for c, e in columns.items())
    return EventBatch(EventClass.NETWORK_ACTIVITY, frame, int(flows["records"].sum()))


def _turned(flows: pl.DataFrame) -> pl.DataFrame:
    """Put the originator first where a lone record from the lower port shows that it is the reply: SYN and ACK only, or RST without SYN."""
    flags = pl.col("flags_out")
    answers = (flags == (_SYN | _ACK)) | (((flags & _RST) > 0) & ((flags & (_SYN | _FIN)) == 0))
    lone = (pl.col("packets_in") == 0) & (pl.col("records") == 1) & (pl.col("protocol") == _TCP)
    answers = answers & lone & (pl.col("src_port") < pl.col("dst_port"))
    turn = answers.fill_null(value=False)
    return flows.with_columns(
        pl.when(turn).then(pl.col(other)).otherwise(pl.col(c)).alias(c) for c, other in TURNS.items()
    )


def _endpoint(side: str) -> dict[str, pl.Expr]:
    address, mac = pl.col(side), _is_mac(side)
    path = f"{side}_endpoint"
    return {
        f"{path}.ip": pl.when(~mac).then(address),
        f"{path}.mac": pl.when(mac).then(address),
        f"{path}.port": pl.col(f"{side}_port"),
    }


def _is_mac(side: str) -> pl.Expr:
    return pl.col(side).str.contains("^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$")


def _state() -> pl.Expr:
    """Return the connection state of the table above."""
    out, back = pl.col("flags_out").fill_null(0), pl.col("flags_in").fill_null(0)
    asked, answered = (out & _SYN) > 0, (back & _SYN) > 0
    o_fin, o_rst, r_fin, r_rst = (out & _FIN) > 0, (out & _RST) > 0, (back & _FIN) > 0, (back & _RST) > 0
    silent = (back == 0) & (pl.col("packets_in") == 0)
    both = asked & answered
    table = (
        (both & o_fin & r_fin, "SF"),
        (both & o_rst, "RSTO"),
        (both & r_rst, "RSTR"),
        (both & o_fin, "S2"),
        (both & r_fin, "S3"),
        (both, "S1"),
        (asked & silent & o_rst, "RSTOS0"),
        (asked & silent & o_fin, "SH"),
        (asked & silent, "S0"),
        (asked & r_rst, "REJ"),
        ((out == 0) & answered & r_rst, "RSTRH"),
        ((out == 0) & answered & r_fin, "SHR"),
        ((out | back) > 0, "OTH"),
    )
    tcp = pl.coalesce(pl.when(rule).then(pl.lit(word)) for rule, word in table)
    sent, got = pl.col("packets_out") > 0, pl.col("packets_in") > 0
    udp = pl.when(sent & got).then(pl.lit("SF")).when(sent).then(pl.lit("S0")).when(got).then(pl.lit("SHR"))
    return (
        pl.when(pl.col("state").is_in(ZEEK_STATES))
        .then(pl.col("state"))
        .when(pl.col("protocol") == _TCP)
        .then(tcp)
        .when(pl.col("protocol") == _UDP)
        .then(udp)
        .otherwise(pl.lit("OTH"))
    )
