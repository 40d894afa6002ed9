"""What Zeek says about the traffic: notices become findings of their own; weird, x509 and every other log, Event Log rows."""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import EventClass
from vedette.sources.zeek.expressions import ID, PROTO, WHO, fitting, integer, named, version
from vedette.sources.zeek.fields import Log

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
_TECHNIQUE = col("note").replace_strict(_NOTE_TECHNIQUE, default=None, return_dtype=pl.String)
_NOTE_SRC = pl.coalesce("src", "id.orig_h")

NOTICE = Log(
    EventClass.DETECTION_FINDING,
    fields={
        **ID,
        "note": "text",
        "msg": "text",
        "sub": "text",
        "src": "text",
        "dst": "text",
        "p": "port",
        "proto": "text",
    },
    columns={
        **WHO,
        **PROTO,
        "activity_id": integer(1),
        "src_endpoint.ip": _NOTE_SRC,
        "dst_endpoint.ip": pl.coalesce("dst", "id.resp_h"),
        "dst_endpoint.port": pl.coalesce("id.resp_p", "p"),
        "connection_info.protocol_ver_id": version(_NOTE_SRC),
        "severity_id": named(col("note").str.extract("^([^:]*)"), _NOTE_SEVERITY, 2),
        "message": col("msg"),
        "status_detail": col("sub"),
        "is_alert": pl.lit(value=True),
        "finding_info.uid": pl.concat_str(
            pl.lit("zeek"),
            col("note"),
            col("uid"),
            _NOTE_SRC,
            col("ts").dt.timestamp("us"),
            separator="|",
            ignore_nulls=True,
        ),
        "finding_info.title": col("note"),
        "finding_info.desc": col("msg"),
        "finding_info.analytic.name": col("note"),
        "finding_info.analytic.uid": col("note"),
        "finding_info.analytic.type_id": integer(1),
        "finding_info.attacks.technique.uid": pl.when(_TECHNIQUE.is_not_null()).then(pl.concat_list(_TECHNIQUE)),
        "finding_info.first_seen_time": col("ts"),
        "finding_info.last_seen_time": col("ts"),
    },
    marks=frozenset({"note", "actions"}),
)

_OTHER = {
    **fitting(EventClass.EVENT_LOG, WHO),
    "src_endpoint.ip": pl.coalesce("id.orig_h", "host"),
    "activity_id": integer(1),
    "log_provider": pl.lit("zeek"),
}
_OTHER_FIELDS = {**ID, "host": "text"}

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
        "time": col("ts"),
        "activity_id": integer(1),
        "metadata.product.name": pl.lit("Zeek"),
        "log_provider": pl.lit("zeek"),
        "message": pl.format("certificate {}", "certificate.subject"),
    },
    marks=frozenset({"certificate.serial"}),
)
OTHER = Log(
    EventClass.EVENT_LOG, fields={**_OTHER_FIELDS, "message": "text"}, columns={**_OTHER, "message": col("message")}
)
