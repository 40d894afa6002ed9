"""Zeek's dns, http, ssl, ssh, smtp and files logs as tables: field -> type, OCSF column -> expression.

``time`` is ``ts``. The endpoints are the connection's, so ``src`` is the client; in files, where no connection's ``id`` is logged, ``src``
is the sender (``tx_hosts``).
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import EventClass
from vedette.sources.zeek.expressions import ID, PROTO, TCP, WHO, after, fitting, integer, named, outcome
from vedette.sources.zeek.fields import Log

_CLASSES = {"C_INTERNET": "IN", "C_CHAOS": "CH", "C_HESIOD": "HS", "C_ANY": "ANY"}

DNS = Log(
    EventClass.DNS_ACTIVITY,
    fields={
        **ID,
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
        **WHO,
        **PROTO,
        "activity_id": pl.when(col("rcode").is_null()).then(integer(1)).otherwise(integer(6)),
        "app_protocol_name": pl.lit("dns"),
        "query.hostname": col("query"),
        "query.class": col("qclass_name").replace(_CLASSES),
        "query.type": col("qtype_name"),
        "query.packet_uid": col("trans_id").cast(pl.Int32, strict=False),
        "answers.rdata": col("answers"),
        "answers.ttl": col("TTLs").cast(pl.List(pl.Int64), strict=False),
        "rcode": col("rcode_name"),
        "rcode_id": col("rcode").cast(pl.Int32, strict=False),
        "status_id": outcome(col("rcode") == 0),
        "query_time": col("ts"),
        "response_time": pl.when(col("rtt").is_not_null()).then(after(col("ts"), col("rtt"))),
    },
    marks=frozenset({"trans_id", "qclass"}),
)

_FIRST_ERROR = 400
_METHODS = {"CONNECT": 1, "DELETE": 2, "GET": 3, "HEAD": 4, "OPTIONS": 5, "POST": 6, "PUT": 7, "TRACE": 8, "PATCH": 9}
_SCHEME = col("uri").str.extract("^([A-Za-z][A-Za-z0-9+.-]*)://").str.to_lowercase()

HTTP = Log(
    EventClass.HTTP_ACTIVITY,
    fields={
        **ID,
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
        **WHO,
        **TCP,
        "activity_id": named(col("method").str.to_uppercase(), _METHODS, 99),
        "app_protocol_name": pl.lit("http"),
        "http_request.http_method": col("method"),
        "http_request.version": col("version"),
        "http_request.url.scheme": _SCHEME,
        "http_request.url.hostname": col("host").str.replace(r":\d{1,5}$", ""),
        "http_request.url.path": col("uri").str.replace(r"\?(?s:.*)$", ""),
        "http_request.url.query_string": col("uri").str.extract(r"\?(?s)(.*)$"),
        "http_request.url.url_string": pl.when(
            _SCHEME.is_not_null() | col("host").is_null() | (col("method") == "CONNECT")
        )
        .then(col("uri"))
        .otherwise(pl.format("http://{}{}", col("host"), col("uri"))),
        "http_request.user_agent": col("user_agent"),
        "http_request.referrer": col("referrer"),
        "http_request.body_length": col("request_body_len"),
        "http_response.code": col("status_code").cast(pl.Int32, strict=False),
        "http_response.status": col("status_msg"),
        "http_response.content_type": col("resp_mime_types").list.first(),
        "http_response.body_length": col("response_body_len"),
        "status_id": outcome(col("status_code") < _FIRST_ERROR),
        "actor.user.name": col("username"),
    },
    marks=frozenset({"trans_depth", "request_body_len"}),
)

_TLS_VERSIONS = {"TLSv10": "1.0", "TLSv11": "1.1", "TLSv12": "1.2", "TLSv13": "1.3"}

SSL = Log(
    EventClass.TLS_HANDSHAKE,
    fields={
        **ID,
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
        **WHO,
        **TCP,
        "app_protocol_name": pl.lit("tls"),
        "status_id": outcome(col("established")),
        "status_detail": col("validation_status"),
        "tls.sni": col("server_name"),
        "tls.version": col("version").replace(_TLS_VERSIONS),
        "tls.cipher": col("cipher"),
        "tls.ja3_hash.value": col("ja3"),
        "tls.ja3s_hash.value": col("ja3s"),
        "ja4_fingerprint_list.value": pl.when(col("ja4").is_not_null()).then(pl.concat_list("ja4")),
        "tls.certificate.subject": col("subject"),
        "tls.certificate.issuer": col("issuer"),
        "tls.certificate.is_self_signed": col("validation_status").str.contains("self.signed"),
        "vedette.alpn": pl.when(col("next_protocol").is_not_null()).then(pl.concat_list("next_protocol")),
    },
    marks=frozenset({"established", "resumed"}),
)

SSH = Log(
    EventClass.SSH_ACTIVITY,
    fields={
        **ID,
        "version": "count",
        "auth_success": "flag",
        "auth_attempts": "count",
        "client": "text",
        "server": "text",
        "hassh": "text",
        "hasshServer": "text",
    },
    columns={
        **WHO,
        **TCP,
        "app_protocol_name": pl.lit("ssh"),
        "protocol_ver": col("version").cast(pl.String),
        "status_id": outcome(col("auth_success")),
        "vedette.auth_attempts": col("auth_attempts").cast(pl.Int32, strict=False),
        "vedette.client_banner": col("client"),
        "vedette.server_banner": col("server"),
        "client_hassh.fingerprint.value": col("hassh"),
        "server_hassh.fingerprint.value": col("hasshServer"),
    },
    marks=frozenset({"auth_attempts"}),
)

SMTP = Log(
    EventClass.EMAIL_ACTIVITY,
    fields={
        **ID,
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
        **fitting(EventClass.EMAIL_ACTIVITY, WHO, TCP),
        "email.from": pl.coalesce("from", "mailfrom"),
        "email.to": pl.coalesce("to", "rcptto"),
        "email.subject": col("subject"),
        "email.message_uid": col("msg_id"),
        "smtp_hello": col("helo"),
        "status_detail": col("last_reply"),
    },
    marks=frozenset({"helo"}),
)

_HASHES = ("md5", "sha1", "sha256")

FILES = Log(
    EventClass.NETWORK_FILE_ACTIVITY,
    fields={
        **ID,
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
        **WHO,
        "metadata.uid": pl.coalesce("uid", col("conn_uids").list.first()),
        "connection_info.uid": pl.coalesce("uid", col("conn_uids").list.first()),
        "activity_id": pl.when(col("is_orig")).then(integer(1)).otherwise(integer(2)),
        "app_protocol_name": col("source").str.to_lowercase().replace("ssl", "tls"),
        "src_endpoint.ip": pl.coalesce("id.orig_h", col("tx_hosts").list.first()),
        "dst_endpoint.ip": pl.coalesce("id.resp_h", col("rx_hosts").list.first()),
        "file.uid": col("fuid"),
        "file.name": col("filename"),
        "file.mime_type": col("mime_type"),
        "file.size": pl.coalesce("total_bytes", "seen_bytes"),
        "file.hashes.value": pl.when(pl.any_horizontal(col(h).is_not_null() for h in _HASHES)).then(
            pl.concat_list(*_HASHES).list.drop_nulls()
        ),
    },
    marks=frozenset({"fuid", "seen_bytes"}),
)
