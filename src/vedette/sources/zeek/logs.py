"""Zeek's logs as a table: field -> type, OCSF column -> expression (https://docs.zeek.org/en/master/logs/index.html).

Meanings that are not plain from the names:

* conn: ``time`` is the end (``ts`` + ``duration``), ``traffic.bytes_*`` are IP bytes (``*_ip_bytes``), the payload's stand under ``vedette``.
  ICMP has its type as source port and its code as destination port, as Zeek writes them.
* dns, http, ssl, ssh, smtp: ``time`` is ``ts``; the endpoints are the connection's, so ``src`` is the client.
* files: ``src`` is the sender (``tx_hosts``), where a connection's ``id`` is logged its originator.
* arp: a request is an unanswered flow (S0) by the asker, a reply a flow (SF) by the one who asked, as the connection would be.
"""

from __future__ import annotations

import polars as pl

from vedette.events.schema import EventClass
from vedette.sources.zeek.fields import Log

_LONGEST_SECONDS = 1e9
_c = pl.col


def _id(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int32)


def _after(start: pl.Expr, seconds: pl.Expr) -> pl.Expr:
    """Return a time some seconds after another; seconds that are absent or absurd count as none."""
    return start + pl.duration(microseconds=(_sane(seconds).fill_null(0.0) * 1e6).round().cast(pl.Int64))


def _sane(seconds: pl.Expr) -> pl.Expr:
    return pl.when(seconds.is_between(0.0, _LONGEST_SECONDS)).then(seconds)


def _version(address: pl.Expr) -> pl.Expr:
    return pl.when(address.str.contains(":", literal=True)).then(_id(6)).when(address.is_not_null()).then(_id(4))


def _named(column: pl.Expr, table: dict[str, int], default: int | None = None) -> pl.Expr:
    return column.replace_strict(table, default=default, return_dtype=pl.Int32)


def _outcome(flag: pl.Expr) -> pl.Expr:
    return pl.when(flag).then(_id(1)).when(flag.not_()).then(_id(2))


_ID = {"ts": "time", "uid": "text", "id.orig_h": "text", "id.orig_p": "port", "id.resp_h": "text", "id.resp_p": "port"}
_WHO: dict[str, pl.Expr] = {
    "time": _c("ts"),
    "metadata.uid": _c("uid"),
    "metadata.product.name": pl.lit("Zeek"),
    "connection_info.uid": _c("uid"),
    "src_endpoint.ip": _c("id.orig_h"),
    "src_endpoint.port": _c("id.orig_p"),
    "dst_endpoint.ip": _c("id.resp_h"),
    "dst_endpoint.port": _c("id.resp_p"),
    "connection_info.protocol_ver_id": _version(_c("id.orig_h")),
}
_PROTO_NUM = {"tcp": 6, "udp": 17, "icmp": 1}
_PROTO: dict[str, pl.Expr] = {
    "connection_info.protocol_num": _named(_c("proto"), _PROTO_NUM),
    "connection_info.protocol_name": _c("proto"),
}
_TCP: dict[str, pl.Expr] = {
    "connection_info.protocol_num": _id(6),
    "connection_info.protocol_name": pl.lit("tcp"),
    "activity_id": _id(1),
}
_ICMP6 = (_c("proto") == "icmp") & _c("id.orig_h").str.contains(":", literal=True)
_END = _after(_c("ts"), _c("duration"))
_LOCAL = (
    pl.when(_c("local_orig")).then(2).otherwise(0) + pl.when(_c("local_resp")).then(1).otherwise(0)
).replace_strict({3: 3, 2: 2, 1: 1, 0: 0}, return_dtype=pl.Int32)

CONN = Log(
    EventClass.NETWORK_ACTIVITY,
    fields={
        **_ID,
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
        **_WHO,
        "time": _END,
        "start_time": _c("ts"),
        "end_time": _END,
        "duration": (_sane(_c("duration")) * 1000).round().cast(pl.Int64),
        "activity_id": _id(6),
        "status_code": _c("conn_state"),
        "connection_info.flag_history": _c("history"),
        "connection_info.protocol_num": pl.when(_ICMP6).then(58).otherwise(_named(_c("proto"), _PROTO_NUM)),
        "connection_info.protocol_name": pl.when(_ICMP6).then(pl.lit("icmp6")).otherwise(_c("proto")),
        "connection_info.direction_id": pl.when(_c("local_orig").is_not_null() & _c("local_resp").is_not_null()).then(
            _LOCAL
        ),
        "app_protocol_name": _c("service").str.replace_all("ssl", "tls", literal=True),
        "traffic.bytes_out": _c("orig_ip_bytes"),
        "traffic.bytes_in": _c("resp_ip_bytes"),
        "traffic.bytes_missed": _c("missed_bytes"),
        "traffic.packets_out": _c("orig_pkts"),
        "traffic.packets_in": _c("resp_pkts"),
        "vedette.payload_bytes_out": _c("orig_bytes"),
        "vedette.payload_bytes_in": _c("resp_bytes"),
    },
    marks=frozenset({"conn_state"}),
)

_CLASSES = {"C_INTERNET": "IN", "C_CHAOS": "CH", "C_HESIOD": "HS", "C_ANY": "ANY"}

DNS = Log(
    EventClass.DNS_ACTIVITY,
    fields={
        **_ID,
        "proto": "text",
        "trans_id": "count",
        "rtt": "interval",
        "query": "text",
        "qclass_name": "text",
        "qtype_name": "text",
        "rcode": "count",
        "rcode_name": "text",
        "answers": "texts",
        "TTLs": "intervals",
    },
    columns={
        **_WHO,
        **_PROTO,
        "activity_id": pl.when(_c("rcode").is_null()).then(_id(1)).otherwise(_id(6)),
        "app_protocol_name": pl.lit("dns"),
        "query.hostname": _c("query"),
        "query.class": _c("qclass_name").replace(_CLASSES),
        "query.type": _c("qtype_name"),
        "query.packet_uid": _c("trans_id").cast(pl.Int32, strict=False),
        "answers.rdata": _c("answers"),
        "answers.ttl": _c("TTLs").cast(pl.List(pl.Int64), strict=False),
        "rcode": _c("rcode_name"),
        "rcode_id": _c("rcode").cast(pl.Int32, strict=False),
        "status_id": _outcome(_c("rcode") == 0),
        "query_time": _c("ts"),
        "response_time": pl.when(_c("rtt").is_not_null()).then(_after(_c("ts"), _c("rtt"))),
    },
    marks=frozenset({"trans_id", "qclass"}),
)

_METHODS = {"CONNECT": 1, "DELETE": 2, "GET": 3, "HEAD": 4, "OPTIONS": 5, "POST": 6, "PUT": 7, "TRACE": 8, "PATCH": 9}
_ABSOLUTE = _c("uri").str.contains("://", literal=True)

HTTP = Log(
    EventClass.HTTP_ACTIVITY,
    fields={
        **_ID,
        "method": "text",
        "host": "text",
        "uri": "text",
        "referrer": "text",
        "version": "text",
        "user_agent": "text",
        "request_body_len": "count",
        "response_body_len": "count",
        "status_code": "count",
        "status_msg": "text",
        "username": "text",
        "resp_mime_types": "texts",
    },
    columns={
        **_WHO,
        **_TCP,
        "activity_id": _named(_c("method").str.to_uppercase(), _METHODS, 99),
        "app_protocol_name": pl.lit("http"),
        "http_request.http_method": _c("method"),
        "http_request.version": _c("version"),
        "http_request.url.hostname": _c("host").str.replace(r":\d{1,5}$", ""),
        "http_request.url.path": _c("uri").str.replace(r"\?(?s:.*)$", ""),
        "http_request.url.query_string": _c("uri").str.extract(r"\?(?s)(.*)$"),
        "http_request.url.url_string": pl.when(_ABSOLUTE | _c("host").is_null() | (_c("method") == "CONNECT"))
        .then(_c("uri"))
        .otherwise(pl.format("http://{}{}", _c("host"), _c("uri"))),
        "http_request.user_agent": _c("user_agent"),
        "http_request.referrer": _c("referrer"),
        "http_request.body_length": _c("request_body_len"),
        "http_response.code": _c("status_code").cast(pl.Int32, strict=False),
        "http_response.status": _c("status_msg"),
        "http_response.content_type": _c("resp_mime_types").list.first(),
        "http_response.body_length": _c("response_body_len"),
        "status_id": _outcome(_c("status_code") < 400),
        "user.name": _c("username"),
    },
    marks=frozenset({"trans_depth", "request_body_len"}),
)

_TLS_VERSIONS = {"TLSv10": "1.0", "TLSv11": "1.1", "TLSv12": "1.2", "TLSv13": "1.3"}

SSL = Log(
    EventClass.TLS_HANDSHAKE,
    fields={
        **_ID,
        "version": "text",
        "cipher": "text",
        "server_name": "text",
        "next_protocol": "text",
        "established": "flag",
        "subject": "text",
        "issuer": "text",
        "validation_status": "text",
        "ja3": "text",
        "ja3s": "text",
        "ja4": "text",
    },
    columns={
        **_WHO,
        **_TCP,
        "app_protocol_name": pl.lit("tls"),
        "status_id": _outcome(_c("established")),
        "status_detail": _c("validation_status"),
        "tls.sni": _c("server_name"),
        "tls.version": _c("version").replace(_TLS_VERSIONS),
        "tls.cipher": _c("cipher"),
        "tls.ja3_hash.value": _c("ja3"),
        "tls.ja3s_hash.value": _c("ja3s"),
        "ja4_fingerprint_list.value": pl.when(_c("ja4").is_not_null()).then(pl.concat_list("ja4")),
        "tls.certificate.subject": _c("subject"),
        "tls.certificate.issuer": _c("issuer"),
        "tls.certificate.is_self_signed": _c("validation_status").str.contains("self.signed"),
        "vedette.alpn": pl.when(_c("next_protocol").is_not_null()).then(pl.concat_list("next_protocol")),
    },
    marks=frozenset({"established", "resumed"}),
)

SSH = Log(
    EventClass.SSH_ACTIVITY,
    fields={
        **_ID,
        "version": "count",
        "auth_success": "flag",
        "auth_attempts": "count",
        "client": "text",
        "server": "text",
        "hassh": "text",
        "hasshServer": "text",
    },
    columns={
        **_WHO,
        **_TCP,
        "app_protocol_name": pl.lit("ssh"),
        "protocol_ver": _c("version").cast(pl.String),
        "status_id": _outcome(_c("auth_success")),
        "vedette.auth_attempts": _c("auth_attempts").cast(pl.Int32, strict=False),
        "vedette.client_banner": _c("client"),
        "vedette.server_banner": _c("server"),
        "client_hassh.fingerprint.value": _c("hassh"),
        "server_hassh.fingerprint.value": _c("hasshServer"),
    },
    marks=frozenset({"auth_attempts"}),
)

SMTP = Log(
    EventClass.EMAIL_ACTIVITY,
    fields={
        **_ID,
        "helo": "text",
        "mailfrom": "text",
        "rcptto": "texts",
        "from": "text",
        "to": "texts",
        "msg_id": "text",
        "subject": "text",
        "last_reply": "text",
    },
    columns={
        **_WHO,
        **_TCP,
        "app_protocol_name": pl.lit("smtp"),
        "email.from": pl.coalesce("from", "mailfrom"),
        "email.to": pl.coalesce("to", "rcptto"),
        "email.subject": _c("subject"),
        "email.message_uid": _c("msg_id"),
        "smtp_hello": _c("helo"),
        "status_detail": _c("last_reply"),
    },
    marks=frozenset({"helo"}),
)

_HASHES = ("md5", "sha1", "sha256")

FILES = Log(
    EventClass.NETWORK_FILE_ACTIVITY,
    fields={
        **_ID,
        "fuid": "text",
        "tx_hosts": "texts",
        "rx_hosts": "texts",
        "conn_uids": "texts",
        "source": "text",
        "mime_type": "text",
        "filename": "text",
        "is_orig": "flag",
        "seen_bytes": "count",
        "total_bytes": "count",
        **dict.fromkeys(_HASHES, "text"),
    },
    columns={
        **_WHO,
        "metadata.uid": pl.coalesce("uid", _c("conn_uids").list.first()),
        "connection_info.uid": pl.coalesce("uid", _c("conn_uids").list.first()),
        "activity_id": pl.when(_c("is_orig")).then(_id(1)).otherwise(_id(2)),
        "app_protocol_name": _c("source").str.to_lowercase().replace("ssl", "tls"),
        "src_endpoint.ip": pl.coalesce("id.orig_h", _c("tx_hosts").list.first()),
        "dst_endpoint.ip": pl.coalesce("id.resp_h", _c("rx_hosts").list.first()),
        "file.uid": _c("fuid"),
        "file.name": _c("filename"),
        "file.mime_type": _c("mime_type"),
        "file.size": pl.coalesce("total_bytes", "seen_bytes"),
        "file.hashes.value": pl.concat_list(*(_c(h) for h in _HASHES)).list.drop_nulls(),
    },
    marks=frozenset({"fuid", "seen_bytes"}),
)

_DHCP = {"DISCOVER": 1, "OFFER": 2, "REQUEST": 3, "DECLINE": 4, "ACK": 5, "NAK": 6, "RELEASE": 7, "INFORM": 8}

DHCP = Log(
    EventClass.DHCP_ACTIVITY,
    fields={
        **_ID,
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
        **_WHO,
        "metadata.uid": pl.coalesce("uid", _c("uids").list.first()),
        "connection_info.uid": pl.coalesce("uid", _c("uids").list.first()),
        "connection_info.protocol_num": _id(17),
        "connection_info.protocol_name": pl.lit("udp"),
        "app_protocol_name": pl.lit("dhcp"),
        "activity_id": _named(_c("msg_types").list.last(), _DHCP, 99),
        "src_endpoint.ip": pl.coalesce("id.orig_h", "client_addr"),
        "dst_endpoint.ip": pl.coalesce("id.resp_h", "server_addr"),
        "src_endpoint.mac": _c("mac"),
        "src_endpoint.hostname": _c("host_name"),
        "lease_dur": _sane(_c("lease_time")).cast(pl.Int32, strict=False),
        "transaction_uid": _c("trans_id").cast(pl.String),
        "status_detail": _c("server_message"),
        "message": _c("msg_types").list.join(" "),
    },
    marks=frozenset({"mac", "lease_time"}),
)

_TUNNEL = {"Tunnel::DISCOVER": 1, "Tunnel::CLOSE": 2, "Tunnel::EXPIRE": 2}

TUNNEL = Log(
    EventClass.TUNNEL_ACTIVITY,
    fields={**_ID, "tunnel_type": "text", "action": "text"},
    columns={
        **_WHO,
        "activity_id": _named(_c("action"), _TUNNEL, 99),
        "status_code": _c("action"),
        "tunnel_type": _c("tunnel_type").str.strip_prefix("Tunnel::").str.to_lowercase(),
    },
    marks=frozenset({"tunnel_type"}),
)

_REPLY = (_c("operation") == "reply").fill_null(value=False)


def _asker(asked: str, answered: str) -> pl.Expr:
    """Return the field of a request, or that of the other side in a reply: the flow belongs to the asker."""
    return pl.when(_REPLY).then(_c(answered)).otherwise(_c(asked))


ARP = Log(
    EventClass.NETWORK_ACTIVITY,
    fields={
        "ts": "time",
        "operation": "text",
        **dict.fromkeys(("src_mac", "dst_mac", "orig_h", "resp_h", "orig_hw", "resp_hw"), "text"),
    },
    columns={
        "time": _c("ts"),
        "start_time": _c("ts"),
        "end_time": _c("ts"),
        "metadata.product.name": pl.lit("Zeek"),
        "activity_id": _id(6),
        "connection_info.protocol_name": pl.lit("arp"),
        "status_code": pl.when(_REPLY).then(pl.lit("SF")).otherwise(pl.lit("S0")),
        "src_endpoint.ip": _asker("orig_h", "resp_h"),
        "dst_endpoint.ip": _asker("resp_h", "orig_h"),
        "src_endpoint.mac": _asker("src_mac", "dst_mac"),
        "dst_endpoint.mac": _asker("dst_mac", "src_mac"),
    },
    marks=frozenset({"operation", "src_mac"}),
)

_NOTE_SEVERITY = {
    "Scan": 3,
    "Intel": 4,
    "Heartbleed": 4,
    "TeamCymruMalwareHashRegistry": 4,
    "SSH": 3,
    "FTP": 3,
    "ATTACK": 4,
}
"""By the notice's module; others are 2 (low): most of Zeek's notices tell a person, not an attack."""
_NOTE_TECHNIQUE = {
    "Scan::Address_Scan": "T1046",
    "Scan::Port_Scan": "T1046",
    "SSH::Password_Guessing": "T1110.001",
    "FTP::Bruteforcing": "T1110",
    "HTTP::SQL_Injection_Attacker": "T1190",
    "HTTP::SQL_Injection_Victim": "T1190",
    "Heartbleed::SSL_Heartbeat_Attack": "T1190",
}
_TECHNIQUE = _c("note").replace_strict(_NOTE_TECHNIQUE, default=None, return_dtype=pl.String)
_NOTE_SRC = pl.coalesce("src", "id.orig_h")

NOTICE = Log(
    EventClass.DETECTION_FINDING,
    fields={
        **_ID,
        "note": "text",
        "msg": "text",
        "sub": "text",
        "src": "text",
        "dst": "text",
        "p": "port",
        "proto": "text",
    },
    columns={
        **_WHO,
        **_PROTO,
        "activity_id": _id(1),
        "src_endpoint.ip": _NOTE_SRC,
        "dst_endpoint.ip": pl.coalesce("dst", "id.resp_h"),
        "dst_endpoint.port": pl.coalesce("id.resp_p", "p"),
        "connection_info.protocol_ver_id": _version(_NOTE_SRC),
        "severity_id": _named(_c("note").str.extract("^([^:]*)"), _NOTE_SEVERITY, 2),
        "message": _c("msg"),
        "status_detail": _c("sub"),
        "is_alert": pl.lit(value=True),
        "finding_info.uid": pl.concat_str(
            pl.lit("zeek"),
            _c("note"),
            _c("uid"),
            _NOTE_SRC,
            _c("ts").dt.timestamp("us"),
            separator="|",
            ignore_nulls=True,
        ),
        "finding_info.title": _c("note"),
        "finding_info.desc": _c("msg"),
        "finding_info.analytic.name": _c("note"),
        "finding_info.analytic.uid": _c("note"),
        "finding_info.analytic.type_id": _id(1),
        "finding_info.attacks.technique.uid": pl.when(_TECHNIQUE.is_not_null()).then(pl.concat_list(_TECHNIQUE)),
        "finding_info.first_seen_time": _c("ts"),
        "finding_info.last_seen_time": _c("ts"),
    },
    marks=frozenset({"note", "actions"}),
)

_OTHER = {
    **_WHO,
    **_PROTO,
    "src_endpoint.ip": pl.coalesce("id.orig_h", "host"),
    "activity_id": _id(1),
    "log_provider": pl.lit("zeek"),
}
_OTHER_FIELDS = {**_ID, "proto": "text", "host": "text"}

WEIRD = Log(
    EventClass.EVENT_LOG,
    fields={**_OTHER_FIELDS, "name": "text", "addl": "text"},
    columns={**_OTHER, "message": pl.concat_str("name", "addl", separator=": ", ignore_nulls=True)},
    marks=frozenset({"name", "notice", "peer"}),
)
X509 = Log(
    EventClass.EVENT_LOG,
    fields={"ts": "time", "certificate.subject": "text"},
    columns={
        "time": _c("ts"),
        "activity_id": _id(1),
        "metadata.product.name": pl.lit("Zeek"),
        "log_provider": pl.lit("zeek"),
        "message": pl.format("certificate {}", "certificate.subject"),
    },
    marks=frozenset({"certificate.serial"}),
)
OTHER = Log(
    EventClass.EVENT_LOG, fields={**_OTHER_FIELDS, "message": "text"}, columns={**_OTHER, "message": _c("message")}
)

PATHS: dict[str, Log] = {
    "conn": CONN,
    "dns": DNS,
    "http": HTTP,
    "ssl": SSL,
    "ssh": SSH,
    "smtp": SMTP,
    "files": FILES,
    "x509": X509,
    "notice": NOTICE,
    "weird": WEIRD,
    "arp": ARP,
    "dhcp": DHCP,
    "tunnel": TUNNEL,
}
"""A log's path -> what it is; every other path is ``OTHER``."""


def log_of(path: str, names: frozenset[str]) -> Log:
    """Return the log that is called ``path`` (RITA's ``open_conn`` is a conn), or without one, the log that has such fields."""
    if path:
        return PATHS.get(path.removeprefix("open_"), OTHER)
    return next((log for log in PATHS.values() if log.marks <= names), OTHER)


def path_of(log: Log) -> str:
    """Return the usual path of a log, empty for ``OTHER``."""
    return next((path for path, known in PATHS.items() if known is log), "")
