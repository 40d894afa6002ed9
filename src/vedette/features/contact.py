"""What came of a contact: the outcome of a TCP or UDP flow, row by row, from whatever the source knows.

A *probe* is a contact that led to no exchange: nothing came back, it was refused, or a handshake was dropped before any data. An
*answered* contact exchanged something. A flow can be neither: backscatter (the responder spoke first), a connection that was already
running when the capture began, one direction of a conversation.

The outcome is read from Zeek's connection state and history (https://docs.zeek.org, base/protocols/conn) where the source has them;
else from TCP flags, as NetFlow records them, and from what came back. Probe kinds are those of RFC 9293 violated or used halfway: see
``KINDS``.
"""

from __future__ import annotations

import polars as pl

REQUIRES = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port", "connection_info.protocol_name")
"""What every family of contacts cannot do without."""

USES = (
    "start_time",
    "src_endpoint.port",
    "status_code",
    "connection_info.flag_history",
    "connection_info.tcp_flags",
    "connection_info.direction_id",
    "traffic.packets_out",
    "traffic.packets_in",
    "traffic.bytes_out",
    "traffic.bytes_in",
    "vedette.payload_bytes_out",
    "vedette.payload_bytes_in",
)

FEW = 4
"""Probes below which nobody speaks of a scan: each is worth a nat or two."""

KINDS = {
    "TCP SYN": 1,
    "TCP half-open": 2,
    "TCP connect": 4,
    "TCP FIN": 8,
    "TCP Xmas": 16,
    "TCP NULL": 32,
    "TCP ACK": 64,
    "UDP": 128,
}
"""How a probe was made -> its bit in the ``kinds`` of a row."""

TRACEROUTE = (33434, 33689)
"""UDP ports of traceroute: 255 hops up from its first; not probes."""

_STATES = ("S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH")
_BEGUN = ("S1", "SF", "S2", "S3", "RSTO", "RSTR")
"""States of a connection that was set up."""
_FIN, _SYN, _RST, _PSH, _ACK, _URG = 1, 2, 4, 8, 16, 32
_SEGMENT = 60
"""Bytes of a TCP segment without data, IPv4, at most: a refusal is no larger."""
_FEW_PACKETS = 6
"""A connection attempt of common systems: the first SYN and up to five repetitions."""
_REGISTERED = 1024

NOBODY = r"^(?:22[4-9]|23\d)\.|^255\.255\.255\.255$|\.255$|^ff"
"""Multicast, broadcast, and what is a broadcast address in the commonest subnets."""

_state = pl.col("status_code")
_history = pl.col("connection_info.flag_history")
_flags = pl.col("connection_info.tcp_flags")
_tcp = pl.col("connection_info.protocol_name") == "tcp"
_udp = pl.col("connection_info.protocol_name") == "udp"
_back = pl.coalesce("traffic.packets_in", "traffic.bytes_in")
_from_service = (pl.col("src_endpoint.port") < _REGISTERED).fill_null(value=False)


def outcome(events: pl.LazyFrame) -> pl.LazyFrame:
    """Keep TCP and UDP contacts that came to something; add their outcome.

    Adds ``probe`` (Boolean; False: answered), ``kind`` (Int32, a bit of ``KINDS``; null when answered) and ``inside`` (Boolean: the
    source is one of ours).
    """
    contacts = events.filter(
        (_tcp | _udp) & pl.col("dst_endpoint.port").is_between(0, 65_535) & pl.col("src_endpoint.ip").is_not_null()
    ).with_columns(inside=(pl.col("connection_info.direction_id") > 1).fill_null(value=False))
    spoke = (_state.is_in(_BEGUN) & (pl.col("vedette.payload_bytes_in") > 0)).fill_null(value=False)
    plain = contacts.filter(spoke).with_columns(kind=pl.lit(None, pl.Int32), probe=pl.lit(value=False))
    return pl.concat([plain, _judged(contacts.filter(~spoke))])  # most flows are plain, and telling probes is slow


def _judged(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """The same for contacts whose outcome is not plain."""
    known = _state.is_in(_STATES)
    to_somebody = ~pl.col("dst_endpoint.ip").str.contains(NOBODY)
    kind = (
        pl.when(_udp & to_somebody)
        .then(_udp_kind())
        .when(_tcp & known)
        .then(_state_kind())
        .when(_tcp)
        .then(_flag_kind())
    )
    answered = (
        pl.when(known).then(_state.is_in((*_BEGUN, "OTH")) & (_back > 0).fill_null(value=True)).otherwise(_back > 0)
    )
    judged = contacts.with_columns(kind=kind.cast(pl.Int32)).with_columns(
        probe=(pl.col("kind") > 0).fill_null(value=False)
    )
    return judged.filter(pl.col("probe") | answered.fill_null(value=False))


def attempt(contacts: pl.LazyFrame) -> pl.LazyFrame:
    """Add what a probe cost, null for an answered contact: ``packets``, ``bytes``, ``began``, ``ended``."""
    probe = pl.col("probe")
    return contacts.with_columns(
        packets=pl.when(probe).then("traffic.packets_out"),
        bytes=pl.when(probe).then("traffic.bytes_out"),
        began=pl.when(probe).then(pl.coalesce("start_time", "time")),
        ended=pl.when(probe).then("time"),
    )


ATTEMPT = [
    pl.col("probe").sum().cast(pl.Int64).alias("probes"),
    pl.col("packets").sum(),
    pl.col("bytes").sum(),
    pl.col("kind").bitwise_or().alias("kinds"),
    pl.col("inside").any(),
    pl.col("began").min(),
    pl.col("ended").max(),
]
"""Aggregations of ``attempt`` that every family shares."""

MERGED_ATTEMPT = [
    *(pl.col(c).sum() for c in ("probes", "packets", "bytes")),
    pl.col("kinds").bitwise_or(),
    pl.col("inside").any(),
    pl.col("began").min(),
    pl.col("ended").max(),
]

ATTEMPT_COLUMNS = tuple(e.meta.output_name() for e in MERGED_ATTEMPT)


def _udp_kind() -> pl.Expr:
    """A datagram that nobody answered; not a late reply of a service, nor a traceroute."""
    reply = _from_service & (pl.col("dst_endpoint.port") >= _REGISTERED)
    silent = pl.when(_state.is_in(_STATES)).then(_state == "S0").otherwise(_back == 0)
    return _bit("UDP", silent & ~reply & ~pl.col("dst_endpoint.port").is_between(*TRACEROUTE))


def _state_kind() -> pl.Expr:
    """By Zeek's state: silence, refusal, or a handshake without data; then what never was a handshake."""
    began = _history.str.contains("S", literal=True).fill_null((_flags.fill_null(_SYN) & _SYN) > 0)
    no_data = (pl.col("vedette.payload_bytes_out") == 0) & (pl.col("vedette.payload_bytes_in") == 0)
    complete = _history.str.contains("A", literal=True).fill_null(value=True)
    conversed = (
        _history.str.contains("[AD]").fill_null((_flags & _ACK) > 0).fill_null(value=False)
    )  # the answers went another way
    silent = (_state == "S0") | (_state.is_in(("RSTOS0", "SH")) & began)
    return (
        pl.when((_state == "REJ") | (silent & ~conversed))
        .then(KINDS["TCP SYN"])
        .when(_state.is_in(("SF", "RSTO", "RSTR", "S2", "S3")) & began & no_data)
        .then(pl.when(complete).then(KINDS["TCP connect"]).otherwise(KINDS["TCP half-open"]))
        .when(~began & _state.is_in(("SH", "RSTR", "RSTRH", "OTH")) & ~_from_service)
        .then(_stealth_kind())
    )


def _stealth_kind() -> pl.Expr:
    """A segment that opens nothing: its whole history is itself and at the most a reset."""
    bare = _flags & ~(_RST | _ACK)
    by_flags = _history.is_null() & _state.is_in(("SH", "OTH"))
    sent = _history.str.strip_chars("rcC")
    xmas = (_flags & (_FIN | _PSH | _URG)) == (_FIN | _PSH | _URG)
    lone_fin = (sent == "F") & ((_flags & _ACK) == 0).fill_null(value=True)
    refused_fin = (sent == "F") & (_history != sent)
    return (
        pl.when((sent == "F") & xmas.fill_null(value=False))
        .then(KINDS["TCP Xmas"])
        .when(by_flags & (bare == (_FIN | _PSH | _URG)))
        .then(KINDS["TCP Xmas"])
        .when(lone_fin | refused_fin | (by_flags & (_flags == _FIN)))
        .then(KINDS["TCP FIN"])
        .when((sent == "") & ((_flags & (_SYN | _FIN | _PSH | _URG)) == 0))
        .then(KINDS["TCP NULL"])
        .when((sent == "A") & _state.is_in(("RSTRH",)))
        .then(KINDS["TCP ACK"])
    )


def _flag_kind() -> pl.Expr:
    """By the flags of the whole flow, as NetFlow has them; without flags, by silence."""
    low = _flags & (_FIN | _SYN | _RST | _PSH | _ACK | _URG)
    refused = (low & ~_ACK == (_SYN | _RST)) & (
        pl.col("traffic.bytes_in") <= _SEGMENT * pl.col("traffic.packets_in").fill_null(2)
    )
    silent = (_back == 0) & (pl.col("traffic.packets_out").fill_null(1) <= _FEW_PACKETS)
    return (
        pl.when((low == _SYN) | refused | (low.is_null() & silent))
        .then(KINDS["TCP SYN"])
        .when(~_from_service & (low == _FIN))
        .then(KINDS["TCP FIN"])
        .when(low == (_FIN | _PSH | _URG))
        .then(KINDS["TCP Xmas"])
        .when((low == 0) & silent)
        .then(KINDS["TCP NULL"])
    )


def _bit(kind: str, where: pl.Expr) -> pl.Expr:
    return pl.when(where).then(KINDS[kind])
