"""EVE event types as a table: what they become, and each OCSF column as an expression over the fields of the record.

A field ``flow.start`` of the record is the column ``flow.start``; ``timestamp``, the times and the addresses come typed and normalised from
``frames``. Which side is which:

* flow: ``src_ip`` is the initiator; http, tls, quic, ssh, smtp, dns are logged in the direction of their flow, so ``src`` is the client,
  also for an answer. Where a flow was picked up the wrong way round, a dns record comes from port 53: it is turned.
* fileinfo: ``src_ip`` is the sender of the file. dhcp: a reply comes from the server, so it is turned: ``src`` is always the client.
* alert: the packet's direction, unless the rule names attacker and victim (``alert.source``, ``alert.target``).
* Bytes of a flow are counted by Suricata with the link header (``vedette.frame_bytes_*``); ``traffic.bytes_*`` repeats them, 14 a packet
  too many on Ethernet, since nothing else is there.
* A flow's ``status_code`` is Zeek's conn_state, as far as the flags of both directions tell (after a reset it is not known who closed first).
* A dns record is a query or an answer (``activity_id`` 1 or 2), not a pair of them as in Zeek.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from vedette.events.schema import STRINGS, EventClass

_FIN, _SYN, _RST = 1, 2, 4
_c = pl.col


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One event type: its OCSF class, the objects of the record that it reads, and its columns."""

    kind: EventClass
    parts: tuple[str, ...]
    columns: dict[str, pl.Expr]


def _id(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int32)


def _named(column: pl.Expr, table: dict[str, int], default: int | None = None) -> pl.Expr:
    return column.replace_strict(table, default=default, return_dtype=pl.Int32)


def _turned(when: pl.Expr) -> dict[str, pl.Expr]:
    """Return the endpoints, changed about where ``when`` is true."""
    pairs = (("src_ip", "dest_ip", "ip"), ("src_port", "dest_port", "port"))
    return {
        f"{side}_endpoint.{what}": pl.when(when).then(_c(theirs)).otherwise(_c(ours))
        for src, dst, what in pairs
        for side, ours, theirs in (("src", src, dst), ("dst", dst, src))
    }


def _version(address: pl.Expr) -> pl.Expr:
    return pl.when(address.str.contains(":", literal=True)).then(_id(6)).when(address.is_not_null()).then(_id(4))


def _one(name: str) -> pl.Expr:
    """Return a list of the one value, null where there is none."""
    return pl.when(_c(name).is_not_null()).then(pl.concat_list(name))


_NAMES = {"TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "IPv6-ICMP": "icmp6", "SCTP": "sctp", "GRE": "gre", "ESP": "esp"}
_NUMBERS = {"TCP": 6, "UDP": 17, "ICMP": 1, "IPv6-ICMP": 58, "SCTP": 132, "GRE": 47, "ESP": 50}
_BASE: dict[str, pl.Expr] = {
    "time": _c("timestamp"),
    "metadata.uid": _c("flow_id"),
    "metadata.product.name": pl.lit("Suricata"),
    "src_endpoint.ip": _c("src_ip"),
    "src_endpoint.port": _c("src_port"),
    "dst_endpoint.ip": _c("dest_ip"),
    "dst_endpoint.port": _c("dest_port"),
    "connection_info.uid": _c("flow_id"),
    "connection_info.protocol_num": _named(_c("proto"), _NUMBERS),
    "connection_info.protocol_name": _c("proto").replace(_NAMES),
    "connection_info.protocol_ver_id": _version(_c("src_ip")),
}
_APP = pl.when(~_c("app_proto").is_in(["failed", "unknown", "none"])).then(_c("app_proto"))
_PORTS: dict[str, pl.Expr] = {
    "src_endpoint.port": pl.coalesce("src_port", _c("icmp_type").cast(pl.Int32, strict=False)),
    "dst_endpoint.port": pl.coalesce("dest_port", _c("icmp_code").cast(pl.Int32, strict=False)),
}

_TO, _FROM = _c("tcp.tcp_flags_ts"), _c("tcp.tcp_flags_tc")
_SENT, _BACK = _c("flow.pkts_toserver") > 0, _c("flow.pkts_toclient") > 0


def _has(flags: pl.Expr, bit: int) -> pl.Expr:
    return (flags & bit) != 0


_STATES = (
    (~_has(_TO, _SYN) & _has(_FROM, _SYN) & _has(_FROM, _RST), "RSTRH"),
    (~_has(_TO, _SYN) & _has(_FROM, _SYN) & _has(_FROM, _FIN) & ~_SENT, "SHR"),
    (~_has(_TO, _SYN), "OTH"),
    (~_has(_FROM, _SYN) & _has(_FROM, _RST), "REJ"),
    (~_has(_FROM, _SYN) & _has(_TO, _RST), "RSTOS0"),
    (~_has(_FROM, _SYN) & _has(_TO, _FIN) & ~_BACK, "SH"),
    (~_has(_FROM, _SYN) & ~_BACK, "S0"),
    (~_has(_FROM, _SYN), "OTH"),
    (_has(_TO, _FIN) & _has(_FROM, _FIN), "SF"),
    (_has(_FROM, _RST), "RSTR"),
    (_has(_TO, _RST), "RSTO"),
    (_has(_TO, _FIN), "S2"),
    (_has(_FROM, _FIN), "S3"),
)
"""Zeek's conn_state from the flags of both directions, first match; S1 when none does."""


def _tcp_state() -> pl.Expr:
    state = pl.lit("S1")
    for condition, name in reversed(_STATES):
        state = pl.when(condition).then(pl.lit(name)).otherwise(state)
    return pl.when((_TO | _FROM) != 0).then(state)


_STATE = (
    pl.when(_c("proto") == "TCP")
    .then(_tcp_state())
    .when(_SENT & _BACK)
    .then(pl.lit("SF"))
    .when(_SENT)
    .then(pl.lit("S0"))
    .when(_BACK)
    .then(pl.lit("SHR"))
)
_END = pl.coalesce("flow.end", "timestamp")

FLOW = Event(
    EventClass.NETWORK_ACTIVITY,
    ("flow", "tcp"),
    {
        **_BASE,
        **_PORTS,
        "time": _END,
        "start_time": _c("flow.start"),
        "end_time": _END,
        "duration": (_c("flow.end") - _c("flow.start")).dt.total_milliseconds(),
        "activity_id": _id(6),
        "app_protocol_name": _APP,
        "status_code": _STATE,
        "status_detail": pl.concat_str("flow.state", "flow.reason", separator=", ", ignore_nulls=True),
        "connection_info.tcp_flags": _c("tcp.tcp_flags"),
        "traffic.packets_out": _c("flow.pkts_toserver"),
        "traffic.packets_in": _c("flow.pkts_toclient"),
        "traffic.bytes_out": _c("flow.bytes_toserver"),
        "traffic.bytes_in": _c("flow.bytes_toclient"),
        "vedette.frame_bytes_out": _c("flow.bytes_toserver"),
        "vedette.frame_bytes_in": _c("flow.bytes_toclient"),
    },
)

_ANSWERED = _c("dns.type").is_in(["answer", "response"])
_RCODES = {
    name: i
    for i, name in enumerate(
        ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE")
    )
}
DNS = Event(
    EventClass.DNS_ACTIVITY,
    ("dns",),
    {
        **_BASE,
        **_turned((_c("src_port") == 53) & (_c("dest_port") != 53)),
        "activity_id": pl.when(_ANSWERED).then(_id(2)).otherwise(_id(1)),
        "app_protocol_name": pl.lit("dns"),
        "query.hostname": _c("dns.rrname"),
        "query.type": _c("dns.rrtype"),
        "query.packet_uid": _c("dns.id").cast(pl.Int32, strict=False),
        "answers.rdata": _c("dns.answers.rdata"),
        "answers.type": _c("dns.answers.rrtype"),
        "answers.ttl": _c("dns.answers.ttl"),
        "rcode": _c("dns.rcode"),
        "rcode_id": _named(_c("dns.rcode"), _RCODES),
        "status_id": pl.when(_c("dns.rcode").is_not_null()).then(pl.when(_c("dns.rcode") == "NOERROR").then(_id(1)).otherwise(_id(2))),
        "query_time": pl.when(~_ANSWERED).then(_c("timestamp")),
        "response_time": pl.when(_ANSWERED).then(_c("timestamp")),
    },
)

_METHODS = {"CONNECT": 1, "DELETE": 2, "GET": 3, "HEAD": 4, "OPTIONS": 5, "POST": 6, "PUT": 7, "TRACE": 8, "PATCH": 9}
_URL = _c("http.url")
HTTP = Event(
    EventClass.HTTP_ACTIVITY,
    ("http",),
    {
        **_BASE,
        "activity_id": _named(_c("http.http_method"), _METHODS, 99),
        "app_protocol_name": pl.lit("http"),
        "http_request.http_method": _c("http.http_method"),
        "http_request.version": _c("http.protocol").str.strip_prefix("HTTP/"),
        "http_request.url.hostname": _c("http.hostname").str.replace(r":\d{1,5}$", ""),
        "http_request.url.path": _URL.str.replace(r"\?(?s:.*)$", ""),
        "http_request.url.query_string": _URL.str.extract(r"\?(?s)(.*)$"),
        "http_request.url.url_string": pl.when(
            _URL.str.contains("://", literal=True) | _c("http.hostname").is_null() | (_c("http.http_method") == "CONNECT")
        )
        .then(_URL)
        .otherwise(pl.format("http://{}{}", _c("http.hostname"), _URL)),
        "http_request.user_agent": _c("http.http_user_agent"),
        "http_request.referrer": _c("http.http_refer"),
        "http_response.code": _c("http.status").cast(pl.Int32, strict=False),
        "http_response.content_type": _c("http.http_content_type"),
        "http_response.body_length": _c("http.length"),
        "status_id": pl.when(_c("http.status") < 400).then(_id(1)).when(_c("http.status") >= 400).then(_id(2)),
    },
)


def _hello(name: str) -> dict[str, pl.Expr]:
    """Return the columns of a TLS or QUIC hello."""
    return {
        **_BASE,
        "activity_id": _id(1),
        "app_protocol_name": pl.lit(name),
        "tls.sni": _c(f"{name}.sni"),
        "tls.ja3_hash.value": _c(f"{name}.ja3.hash"),
        "tls.ja3s_hash.value": _c(f"{name}.ja3s.hash"),
        "ja4_fingerprint_list.value": _one(f"{name}.ja4"),
    }


TLS = Event(
    EventClass.TLS_HANDSHAKE,
    ("tls", "tls.ja3", "tls.ja3s"),
    {
        **_hello("tls"),
        "tls.version": _c("tls.version").str.strip_prefix("TLS ").replace({"TLSv1": "1.0"}),
        "vedette.alpn": _c("tls.client_alpns"),
        "tls.certificate.subject": _c("tls.subject"),
        "tls.certificate.issuer": _c("tls.issuerdn"),
        "tls.certificate.serial_number": _c("tls.serial"),
        "tls.certificate.created_time": _c("tls.notbefore"),
        "tls.certificate.expiration_time": _c("tls.notafter"),
        "tls.certificate.is_self_signed": _c("tls.subject") == _c("tls.issuerdn"),
    },
)
QUIC = Event(EventClass.TLS_HANDSHAKE, ("quic", "quic.ja3", "quic.ja3s"), _hello("quic"))


def _banner(side: str) -> pl.Expr:
    return pl.format("SSH-{}-{}", _c(f"ssh.{side}.proto_version"), _c(f"ssh.{side}.software_version"))


SSH = Event(
    EventClass.SSH_ACTIVITY,
    ("ssh.client", "ssh.client.hassh", "ssh.server", "ssh.server.hassh"),
    {
        **_BASE,
        "activity_id": _id(1),
        "app_protocol_name": pl.lit("ssh"),
        "protocol_ver": pl.coalesce("ssh.server.proto_version", "ssh.client.proto_version"),
        "vedette.client_banner": _banner("client"),
        "vedette.server_banner": _banner("server"),
        "client_hassh.fingerprint.value": _c("ssh.client.hassh.hash"),
        "server_hassh.fingerprint.value": _c("ssh.server.hassh.hash"),
    },
)
SMTP = Event(
    EventClass.EMAIL_ACTIVITY,
    ("smtp", "email"),
    {
        **_BASE,
        "activity_id": _id(1),
        "app_protocol_name": pl.lit("smtp"),
        "email.from": pl.coalesce("email.sender", "smtp.mail_from"),
        "email.to": pl.coalesce("email.to", "smtp.rcpt_to"),
        "email.subject": _c("email.subject"),
        "email.message_uid": _c("email.message_id"),
        "smtp_hello": _c("smtp.helo"),
    },
)
_HASHES = pl.concat_list("fileinfo.md5", "fileinfo.sha1", "fileinfo.sha256").list.drop_nulls()
FILEINFO = Event(
    EventClass.NETWORK_FILE_ACTIVITY,
    ("fileinfo", "http"),
    {
        **_BASE,
        "activity_id": pl.when(_c("http.http_method").is_in(["POST", "PUT"])).then(_id(1)).otherwise(_id(2)),
        "app_protocol_name": _APP,
        "file.name": _c("fileinfo.filename"),
        "file.size": _c("fileinfo.size"),
        "file.uid": _c("fileinfo.file_id").cast(pl.String),
        "file.hashes.value": pl.when(_HASHES.list.len() > 0).then(_HASHES),
        "message": _c("fileinfo.magic"),
    },
)
_DHCP = {"discover": 1, "offer": 2, "request": 3, "decline": 4, "ack": 5, "nak": 6, "release": 7, "inform": 8}
DHCP = Event(
    EventClass.DHCP_ACTIVITY,
    ("dhcp",),
    {
        **_BASE,
        **_turned(_c("dhcp.type") == "reply"),
        "activity_id": _named(_c("dhcp.dhcp_type"), _DHCP, 99),
        "app_protocol_name": pl.lit("dhcp"),
        "src_endpoint.mac": _c("dhcp.client_mac"),
        "src_endpoint.hostname": _c("dhcp.hostname"),
        "lease_dur": _c("dhcp.lease_time").cast(pl.Int32, strict=False),
        "transaction_uid": _c("dhcp.id").cast(pl.String),
        "message": _c("dhcp.assigned_ip"),
    },
)
_REPLY = (_c("arp.opcode") == "reply").fill_null(value=False)
ARP = Event(
    EventClass.NETWORK_ACTIVITY,
    ("arp",),
    {
        "time": _c("timestamp"),
        "start_time": _c("timestamp"),
        "end_time": _c("timestamp"),
        "metadata.product.name": pl.lit("Suricata"),
        "activity_id": _id(6),
        "connection_info.protocol_name": pl.lit("arp"),
        "status_code": pl.when(_REPLY).then(pl.lit("SF")).otherwise(pl.lit("S0")),
        **{
            f"{side}_endpoint.{what}": pl.when(_REPLY).then(_c(f"arp.{there}_{what}")).otherwise(_c(f"arp.{here}_{what}"))
            for what in ("ip", "mac")
            for side, here, there in (("src", "src", "dest"), ("dst", "dest", "src"))
        },
    },
)
_SEVERITY = {1: 4, 2: 3, 3: 2}
_RULE = pl.format("{}:{}", _c("alert.gid").fill_null(1), _c("alert.signature_id").fill_null(0))
_TECHNIQUES = (
    _c("alert.metadata.mitre_technique_id")
    .list.eval(pl.element().str.replace("_", ".", literal=True))
    .list.eval(pl.element().filter(pl.element().str.contains(r"^T\d{4}(\.\d{3})?$")))
)
ALERT = Event(
    EventClass.DETECTION_FINDING,
    ("alert", "alert.source", "alert.target", "alert.metadata"),
    {
        **_BASE,
        **_PORTS,
        "src_endpoint.ip": pl.coalesce("alert.source.ip", "src_ip"),
        "src_endpoint.port": pl.when(_c("alert.source.ip").is_null()).then(_PORTS["src_endpoint.port"]).otherwise(_c("alert.source.port")),
        "dst_endpoint.ip": pl.coalesce("alert.target.ip", "dest_ip"),
        "dst_endpoint.port": pl.when(_c("alert.target.ip").is_null()).then(_PORTS["dst_endpoint.port"]).otherwise(_c("alert.target.port")),
        "activity_id": _id(1),
        "app_protocol_name": _APP,
        "severity_id": _c("alert.severity").replace_strict(_SEVERITY, default=1, return_dtype=pl.Int32),
        "status_code": _c("alert.action"),
        "message": _c("alert.signature"),
        "is_alert": pl.lit(value=True),
        "finding_info.uid": pl.concat_str(
            pl.lit("suricata"),
            _RULE,
            _c("flow_id"),
            _c("timestamp").dt.timestamp("us"),
            _c("src_ip"),
            _c("dest_ip"),
            separator="|",
            ignore_nulls=True,
        ),
        "finding_info.title": _c("alert.signature"),
        "finding_info.desc": _c("alert.category").replace({"": None}),
        "finding_info.analytic.name": _c("alert.signature"),
        "finding_info.analytic.uid": _RULE,
        "finding_info.analytic.type_id": _id(1),
        "finding_info.attacks.technique.uid": _TECHNIQUES.cast(STRINGS),
        "finding_info.first_seen_time": _c("timestamp"),
        "finding_info.last_seen_time": _c("timestamp"),
    },
)
ANOMALY = Event(
    EventClass.EVENT_LOG,
    ("anomaly",),
    {
        **_BASE,
        "activity_id": _id(1),
        "app_protocol_name": _APP,
        "log_name": pl.lit("anomaly"),
        "log_provider": pl.lit("suricata"),
        "message": pl.concat_str("anomaly.type", "anomaly.event", separator=": ", ignore_nulls=True),
        "status_detail": _c("anomaly.layer"),
    },
)
OTHER = Event(
    EventClass.EVENT_LOG,
    (),
    {
        **_BASE,
        "activity_id": _id(1),
        "app_protocol_name": _APP,
        "log_name": _c("event_type"),
        "log_provider": pl.lit("suricata"),
    },
)

EVENTS: dict[str, Event] = {
    "flow": FLOW,
    "netflow": FLOW,
    "dns": DNS,
    "http": HTTP,
    "tls": TLS,
    "quic": QUIC,
    "ssh": SSH,
    "smtp": SMTP,
    "fileinfo": FILEINFO,
    "dhcp": DHCP,
    "arp": ARP,
    "alert": ALERT,
    "anomaly": ANOMALY,
}
"""By ``event_type``; every other type is ``OTHER`` and keeps its objects in ``unmapped``."""
