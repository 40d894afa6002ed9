"""EVE's dns, http, tls, quic, ssh, smtp and fileinfo events as tables: OCSF column -> expression over the fields of the record.

They are logged in the direction of their flow, so ``src`` is the client, also for an answer. Where a flow was picked up the wrong way
round, a dns record comes from port 53: it is turned. A dns record is a query or an answer (``activity_id`` 1 or 2), not a pair of them as
in Zeek. The ``src`` of a file is its sender.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import EventClass
from vedette.sources.suricata.expressions import APP, BASE, Event, fitting, integer, named, one, outcome, turned

_DNS_PORT = 53
_FIRST_ERROR = 400
_ANSWERED = col("dns.type").is_in(["answer", "response"])
_RCODES = {
    name: i
    for i, name in enumerate(
        (
            "NOERROR",
            "FORMERR",
            "SERVFAIL",
            "NXDOMAIN",
            "NOTIMP",
            "REFUSED",
            "YXDOMAIN",
            "YXRRSET",
            "NXRRSET",
            "NOTAUTH",
            "NOTZONE",
        )
    )
}
DNS = Event(
    EventClass.DNS_ACTIVITY,
    ("dns",),
    {
        **BASE,
        **turned((col("src_port") == _DNS_PORT) & (col("dest_port") != _DNS_PORT)),
        "activity_id": pl.when(_ANSWERED).then(integer(2)).otherwise(integer(1)),
        "app_protocol_name": pl.lit("dns"),
        "query.hostname": col("dns.rrname"),
        "query.type": col("dns.rrtype"),
        "query.packet_uid": col("dns.id").cast(pl.Int32, strict=False),
        "answers.rdata": col("dns.answers.rdata"),
        "answers.type": col("dns.answers.rrtype"),
        "answers.ttl": col("dns.answers.ttl"),
        "rcode": col("dns.rcode"),
        "rcode_id": named(col("dns.rcode"), _RCODES),
        "status_id": outcome(col("dns.rcode") == "NOERROR"),
        "query_time": pl.when(~_ANSWERED).then(col("timestamp")),
        "response_time": pl.when(_ANSWERED).then(col("timestamp")),
    },
)

_METHODS = {"CONNECT": 1, "DELETE": 2, "GET": 3, "HEAD": 4, "OPTIONS": 5, "POST": 6, "PUT": 7, "TRACE": 8, "PATCH": 9}
_URL = col("http.url")
_SCHEME = _URL.str.extract("^([A-Za-z][A-Za-z0-9+.-]*)://").str.to_lowercase()
HTTP = Event(
    EventClass.HTTP_ACTIVITY,
    ("http",),
    {
        **BASE,
        "activity_id": named(col("http.http_method"), _METHODS, 99),
        "app_protocol_name": pl.lit("http"),
        "http_request.http_method": col("http.http_method"),
        "http_request.version": col("http.protocol").str.strip_prefix("HTTP/"),
        "http_request.url.scheme": _SCHEME,
        "http_request.url.hostname": col("http.hostname").str.replace(r":\d{1,5}$", ""),
        "http_request.url.path": _URL.str.replace(r"\?(?s:.*)$", ""),
        "http_request.url.query_string": _URL.str.extract(r"\?(?s)(.*)$"),
        "http_request.url.url_string": pl.when(
            _SCHEME.is_not_null() | col("http.hostname").is_null() | (col("http.http_method") == "CONNECT")
        )
        .then(_URL)
        .otherwise(pl.format("http://{}{}", col("http.hostname"), _URL)),
        "http_request.user_agent": col("http.http_user_agent"),
        "http_request.referrer": col("http.http_refer"),
        "http_response.code": col("http.status").cast(pl.Int32, strict=False),
        "http_response.content_type": col("http.http_content_type"),
        "http_response.body_length": col("http.length"),
        "status_id": outcome(col("http.status") < _FIRST_ERROR),
    },
)


def _hello(name: str) -> dict[str, pl.Expr]:
    """Return the columns of a TLS or QUIC hello."""
    return {
        **BASE,
        "activity_id": integer(1),
        "app_protocol_name": pl.lit(name),
        "tls.sni": col(f"{name}.sni"),
        "tls.ja3_hash.value": col(f"{name}.ja3.hash"),
        "tls.ja3s_hash.value": col(f"{name}.ja3s.hash"),
        "ja4_fingerprint_list.value": one(f"{name}.ja4"),
    }


TLS = Event(
    EventClass.TLS_HANDSHAKE,
    ("tls", "tls.ja3", "tls.ja3s"),
    {
        **_hello("tls"),
        "tls.version": col("tls.version").str.strip_prefix("TLS ").replace({"TLSv1": "1.0"}),
        "vedette.alpn": col("tls.client_alpns"),
        "tls.certificate.subject": col("tls.subject"),
        "tls.certificate.issuer": col("tls.issuerdn"),
        "tls.certificate.serial_number": col("tls.serial"),
        "tls.certificate.created_time": col("tls.notbefore"),
        "tls.certificate.expiration_time": col("tls.notafter"),
        "tls.certificate.is_self_signed": col("tls.subject") == col("tls.issuerdn"),
    },
)
QUIC = Event(EventClass.TLS_HANDSHAKE, ("quic", "quic.ja3", "quic.ja3s"), _hello("quic"))


def _banner(side: str) -> pl.Expr:
    return pl.format("SSH-{}-{}", col(f"ssh.{side}.proto_version"), col(f"ssh.{side}.software_version"))


SSH = Event(
    EventClass.SSH_ACTIVITY,
    ("ssh.client", "ssh.client.hassh", "ssh.server", "ssh.server.hassh"),
    {
        **BASE,
        "activity_id": integer(1),
        "app_protocol_name": pl.lit("ssh"),
        "protocol_ver": pl.coalesce("ssh.server.proto_version", "ssh.client.proto_version"),
        "vedette.client_banner": _banner("client"),
        "vedette.server_banner": _banner("server"),
        "client_hassh.fingerprint.value": col("ssh.client.hassh.hash"),
        "server_hassh.fingerprint.value": col("ssh.server.hassh.hash"),
    },
)
SMTP = Event(
    EventClass.EMAIL_ACTIVITY,
    ("smtp", "email"),
    {
        **fitting(EventClass.EMAIL_ACTIVITY, BASE),
        "activity_id": integer(1),
        "email.from": pl.coalesce("email.sender", "smtp.mail_from"),
        "email.to": pl.coalesce("email.to", "smtp.rcpt_to"),
        "email.subject": col("email.subject"),
        "email.message_uid": col("email.message_id"),
        "smtp_hello": col("smtp.helo"),
    },
)
_HASHES = pl.concat_list("fileinfo.md5", "fileinfo.sha1", "fileinfo.sha256").list.drop_nulls()
FILEINFO = Event(
    EventClass.NETWORK_FILE_ACTIVITY,
    ("fileinfo", "http"),
    {
        **BASE,
        "activity_id": pl.when(col("http.http_method").is_in(["POST", "PUT"])).then(integer(1)).otherwise(integer(2)),
        "app_protocol_name": APP,
        "file.name": col("fileinfo.filename"),
        "file.size": col("fileinfo.size"),
        "file.uid": col("fileinfo.file_id").cast(pl.String),
        "file.hashes.value": pl.when(_HASHES.list.len() > 0).then(_HASHES),
        "message": col("fileinfo.magic"),
    },
)
