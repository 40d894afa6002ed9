"""What a flow looks like, row by row: half open, completed, answered, one way ...

Sources differ in what they say: Zeek and our captures give a history of flags (``connection_info.flag_history``), others a state
(``status_code``, in Zeek's words) or the or-ed flags only. Each shape asks the history first, then the state, then the flags.
The letters: Zeek, ``base/protocols/conn/main.zeek``; the flags: RFC 9293, section 3.1.
"""

from __future__ import annotations

import polars as pl

REQUIRES = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name")
"""What no flow set can do without."""

COLUMNS = ("connection_info.flag_history", "status_code", "connection_info.tcp_flags")
"""What the shapes of TCP read."""

VOLUME = ("traffic.packets_out", "traffic.packets_in", "traffic.bytes_out", "traffic.bytes_in")

USES = (*COLUMNS, *VOLUME, "src_endpoint.port", "dst_endpoint.port", "connection_info.direction_id", "start_time")
"""What ``towards_target`` and the shapes read where it exists."""

_SYN, _SYN_ACK, _WITHOUT_PSH = 0x02, 0x12, 0x17  # the last: FIN, SYN, RST and ACK, whatever else is set

HISTORY = pl.col("connection_info.flag_history").fill_null("")
_STATE = pl.col("status_code").fill_null("")
_FLAGS = pl.col("connection_info.tcp_flags").fill_null(0) & _WITHOUT_PSH
_TOLD = HISTORY != ""
_OUT, _BACK = pl.col("traffic.packets_out"), pl.col("traffic.packets_in")
_DIRECTION = pl.col("connection_info.direction_id")
_INBOUND, _OUTBOUND = 1, 2
_MINUTE = 60.0
_LARGEST = 2.0**53
"""Beyond this a Float64 skips whole numbers, and a few sums would wrap around."""
_NOBODY = r"^22[4-9]\.|^23\d\.|^[fF][fF]|\.255$|^0\.0\.0\.0$"


def half_open() -> pl.Expr:
    """A SYN that led to no connection: no answer, or an answer that the sender of the SYN ignored."""
    stated = _STATE.is_in(["S0", "SH", "REJ"]) | ((_STATE == "") & (_FLAGS == _SYN))
    return pl.when(_TOLD).then(HISTORY.str.contains("^S[^ADdFf]*$")).otherwise(stated)


def unsolicited_syn_ack() -> pl.Expr:
    """A SYN-ACK for which there was no SYN, and nothing but resets after it."""
    stated = (_FLAGS == _SYN_ACK) & unanswered()
    return pl.when(_TOLD).then(HISTORY.str.contains(r"^\^h[^ADadFf]*$")).otherwise(stated)


def completed() -> pl.Expr:
    """A connection in which both sides spoke after the handshake."""
    stated = _STATE.is_in(["SF", "S1", "S2", "S3", "RSTO", "RSTR"]) & ~half_open()
    return pl.when(_TOLD).then(HISTORY.str.contains("h.*A|A.*h|d.*D|D.*d")).otherwise(stated)


def stray() -> pl.Expr:
    """TCP packets one way that belong to no connection: no SYN of either side."""
    return _TOLD & ~HISTORY.str.contains("[SsHh]") & unanswered()


def unanswered() -> pl.Expr:
    """Only one side sent anything; False where the record does not count the packets of both sides (one-way NetFlow)."""
    return (_BACK == 0).fill_null(value=False) | (_OUT == 0).fill_null(value=False)


def towards_target(events: pl.LazyFrame) -> pl.LazyFrame:
    """Add, for every flow, who is its target and what that got; drop flows to multicast and broadcast addresses.

    Zeek makes the well-known port the responder even when it spoke first, and a flow that began with a SYN-ACK has the server as
    responder. Where nothing but the responder's packets were seen, the target is therefore the flow's source.

    Adds ``target``, ``peer`` (addresses), ``target_port``, ``peer_port``, ``sent`` and ``sent_bytes`` (Int64: to the target; of a flow
    longer than a minute the share of one minute), ``sent_in_all`` (packets), ``back`` (packets from the target),
    ``alone`` (nothing came back), ``outbound`` (from one of ours to a target outside) and ``begun``.
    """
    turned = ((_OUT == 0) & (_BACK > 0)).fill_null(value=False) | HISTORY.str.starts_with("^h")
    begun = pl.coalesce("start_time", "time")
    seconds = (pl.col("time") - begun).dt.total_microseconds() / 1e6
    share = pl.when(seconds > _MINUTE).then(_MINUTE / seconds).otherwise(1.0)

    def either(of_source: str, of_target: str) -> pl.Expr:
        return pl.when("turned").then(of_source).otherwise(of_target)

    sent = either("traffic.packets_in", "traffic.packets_out")
    oriented = events.with_columns(turned=turned, begun=begun, share=share).with_columns(
        target=either("src_endpoint.ip", "dst_endpoint.ip"),
        peer=either("dst_endpoint.ip", "src_endpoint.ip"),
        target_port=either("src_endpoint.port", "dst_endpoint.port"),
        peer_port=either("dst_endpoint.port", "src_endpoint.port"),
        sent=_whole(sent.fill_null(1) * pl.col("share")),
        sent_in_all=sent.fill_null(1),
        sent_bytes=_whole(either("traffic.bytes_in", "traffic.bytes_out") * pl.col("share")),
        back=either("traffic.packets_out", "traffic.packets_in"),
        alone=unanswered(),
        outbound=(pl.when("turned").then(_INBOUND).otherwise(_OUTBOUND) == _DIRECTION).fill_null(value=False),
    )
    return oriented.filter(~pl.col("target").str.contains(_NOBODY))


def _whole(of: pl.Expr) -> pl.Expr:
    """Round up to Int64; a record may hold the largest of all numbers, which as a Float64 is one too many for a column."""
    return of.ceil().clip(-_LARGEST, _LARGEST).cast(pl.Int64)


FLOOR_SECONDS = 1.0
"""No rate is taken over less: a capture may hold a twentieth of a second."""


def span_seconds(began: str, ended: str) -> pl.Expr:
    """The seconds between two time columns, within the window; 0 where there was nothing."""
    seconds = (pl.col(ended) - pl.col(began)).dt.total_microseconds() / 1e6
    return seconds.fill_null(0.0).clip(0.0, pl.col("window").dt.total_seconds())


def per_second(count: str, began: str, ended: str) -> pl.Expr:
    """The rate of a count, over at least ``FLOOR_SECONDS``."""
    return pl.col(count) / span_seconds(began, ended).clip(lower_bound=FLOOR_SECONDS)
