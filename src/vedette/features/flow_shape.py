"""What a flow looks like, row by row: half open, completed, answered, one way ...

Sources differ in what they say: Zeek and our captures give a history of flags (``connection_info.flag_history``), others a state
(``status_code``, in Zeek's words) or the or-ed flags only. Each shape asks the history first, then the state, then the flags.
The letters: Zeek, ``base/protocols/conn/main.zeek``; the flags: RFC 9293, section 3.1.
"""

from __future__ import annotations

import polars as pl

COLUMNS = ("connection_info.flag_history", "status_code", "connection_info.tcp_flags")
"""What the shapes of TCP read."""

VOLUME = ("traffic.packets_out", "traffic.packets_in", "traffic.bytes_out", "traffic.bytes_in")

_SYN, _SYN_ACK, _WITHOUT_PSH = 0x02, 0x12, 0x17  # the last: FIN, SYN, RST and ACK, whatever else is set

HISTORY = pl.col("connection_info.flag_history").fill_null("")
_STATE = pl.col("status_code").fill_null("")
_FLAGS = pl.col("connection_info.tcp_flags").fill_null(0) & _WITHOUT_PSH
_TOLD = HISTORY != ""


def turned() -> pl.Expr:
    """The first packet seen was a SYN-ACK, so that source and destination were turned round."""
    return HISTORY.str.starts_with("^h")


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
    """Nothing came back; False where the record does not count the packets of the other side (one-way NetFlow)."""
    return (pl.col("traffic.packets_in") == 0).fill_null(value=False)


def to_one_host(address: str) -> pl.Expr:
    """The address is neither multicast nor a broadcast (as far as it can be told without the netmask)."""
    return ~pl.col(address).str.contains(r"^22[4-9]\.|^23\d\.|^[fF][fF]|\.255$|^0\.0\.0\.0$")


FLOOR_SECONDS = 1.0
"""No rate is taken over less: a capture may hold a twentieth of a second."""


def span_seconds(began: str, ended: str) -> pl.Expr:
    """The seconds between two time columns, within the window; 0 where there was nothing."""
    seconds = (pl.col(ended) - pl.col(began)).dt.total_microseconds() / 1e6
    return seconds.fill_null(0.0).clip(0.0, pl.col("window").dt.total_seconds())


def per_second(count: str, began: str, ended: str) -> pl.Expr:
    """The rate of a count, over at least ``FLOOR_SECONDS``."""
    return pl.col(count) / span_seconds(began, ended).clip(lower_bound=FLOOR_SECONDS)
