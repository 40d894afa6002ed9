"""Elastic Common Schema."""

from __future__ import annotations

from functools import cache

import polars as pl

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.intel.attack import TACTICS, techniques
from vedette.response.json_lines import MEMBERS, json_lines
from vedette.response.told import told

VERSION = "8.17.0"
FINDING = ("intrusion_detection", "info")
CATEGORIES: dict[EventClass, tuple[str, str]] = {
    EventClass.DETECTION_FINDING: FINDING,
    EventClass.OWN_FINDING: FINDING,
    EventClass.INCIDENT_FINDING: FINDING,
    EventClass.NETWORK_ACTIVITY: ("network", "connection"),
    EventClass.HOST_CONNECTION: ("network", "connection"),
    EventClass.TLS_HANDSHAKE: ("network", "protocol"),
    EventClass.DNS_ACTIVITY: ("network", "protocol"),
    EventClass.DHCP_ACTIVITY: ("network", "protocol"),
    EventClass.SMB_ACTIVITY: ("network", "protocol"),
    EventClass.SSH_ACTIVITY: ("network", "protocol"),
    EventClass.HTTP_ACTIVITY: ("web", "access"),
    EventClass.AUTHENTICATION: ("authentication", "start"),
    EventClass.PROCESS_ACTIVITY: ("process", "start"),
    EventClass.FILE_ACTIVITY: ("file", "change"),
    EventClass.EMAIL_ACTIVITY: ("email", "info"),
    EventClass.REGISTRY_KEY_ACTIVITY: ("registry", "change"),
    EventClass.REGISTRY_VALUE_ACTIVITY: ("registry", "change"),
    EventClass.ACCOUNT_CHANGE: ("iam", "change"),
    EventClass.USER_ACCESS: ("iam", "change"),
    EventClass.GROUP_MANAGEMENT: ("iam", "group"),
}
"""Class -> ``event.category`` and ``event.type``; others have none."""
OF_TOLD = {
    "at": "@timestamp",
    "title": "message",
    "uid": "event.id",
    "severity_id": "event.severity",
    "risk_score": "event.risk_score",
    "text": "event.reason",
    "began": "event.start",
    "ended": "event.end",
    "nanoseconds": "event.duration",
    "signature": "event.action",
    "rule": "rule.id",
    "rule_title": "rule.name",
    "framework": "threat.framework",
    "techniques": "threat.technique.id",
    "technique_names": "threat.technique.name",
    "tactics": "threat.tactic.name",
    "src_ip": "source.ip",
    "src_port": "source.port",
    "src_host": "source.domain",
    "src_user": "source.user.name",
    "dst_ip": "destination.ip",
    "dst_port": "destination.port",
    "dst_user": "destination.user.name",
    "host": "host.name",
    "domain": "dns.question.name",
    "url": "url.full",
    "file": "file.name",
    "protocol": "network.transport",
    "addresses": "related.ip",
    "hosts": "related.hosts",
    "users": "related.user",
    "severity": "vedette.severity",
    "status": "vedette.status",
    "confidence": "vedette.confidence",
    "count": "vedette.count",
    "actors": "vedette.actors",
    "targets": "vedette.targets",
    "rest": f"vedette.details.{MEMBERS}",
}
"""Column of ``told``, or of ``_more``, -> its field in ECS; what ECS has no field for stands in ``vedette``."""
OF_BATCH = {
    "traffic.bytes_out": "source.bytes",
    "traffic.bytes_in": "destination.bytes",
    "traffic.packets_out": "source.packets",
    "traffic.packets_in": "destination.packets",
    "http_request.http_method": "http.request.method",
    "http_request.user_agent": "user_agent.original",
    "http_response.code": "http.response.status_code",
    "process.name": "process.name",
    "process.pid": "process.pid",
    "process.cmd_line": "process.command_line",
    "email.subject": "email.subject",
    "metadata.log_name": "log.file.path",
}
"""Columns of events that ECS has a field for."""
_TIME = "%Y-%m-%dT%H:%M:%S%.3fZ"


class EcsJson(Sink):
    """JSON lines in the Elastic Common Schema 8.17, for Elasticsearch and OpenSearch.

    Findings and incidents are alerts of the category ``intrusion_detection``; tactics and techniques stand in ``threat``, who is in it
    in ``related``. What the schema has no field for stands in ``vedette``.
    """

    name = "ecs_json"
    media_type = "application/x-ndjson"

    def encode(self, batch: EventBatch) -> bytes:
        if not len(batch):
            return b""
        rows = _more(told(batch), batch.kind)
        own = {c: path for c, path in OF_BATCH.items() if c in batch.frame.columns}
        rows = rows.hstack(batch.frame.select(pl.col(c).alias(f"batch:{c}") for c in own).get_columns())
        paths = {**OF_TOLD, **_CONSTANT, **{f"batch:{c}": path for c, path in own.items()}}
        said = {c: path for c, path in paths.items() if rows[c].null_count() < rows.height}
        return json_lines(rows, said, ())

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


_CONSTANT = {
    "kind": "event.kind",
    "category": "event.category",
    "type": "event.type",
    "module": "event.module",
    "dataset": "event.dataset",
    "ecs": "ecs.version",
    "vendor": "observer.vendor",
    "product": "observer.product",
}


def _more(rows: pl.DataFrame, kind: EventClass) -> pl.DataFrame:
    """Return the rows with what ECS writes in another way, and what is the same in all of them."""
    is_event = kind not in (EventClass.DETECTION_FINDING, EventClass.OWN_FINDING, EventClass.INCIDENT_FINDING)
    category = CATEGORIES.get(kind)
    listed = [pl.lit([word] if word else None, pl.List(pl.String)) for word in category or ("", "")]
    nothing = pl.lit(None, pl.String)
    some = pl.col("techniques").list.len() > 0
    return rows.with_columns(
        at=pl.col("end").dt.strftime(_TIME),
        began=pl.col("start").dt.strftime(_TIME),
        ended=pl.col("end").dt.strftime(_TIME),
        nanoseconds=(pl.col("end") - pl.col("start")).dt.total_nanoseconds(),
        risk_score=pl.coalesce(pl.col("risk") * 100, "confidence"),
        rule=nothing if is_event else pl.col("detector"),
        rule_title=nothing if is_event else pl.when(pl.col("detector").is_not_null()).then("title"),
        rest=nothing if is_event else pl.col("rest"),
        host=pl.coalesce("dst_host", "src_host"),
        framework=pl.when(some).then(pl.lit("MITRE ATT&CK")),
        tactics=pl.when(some).then(
            pl.col("techniques").list.eval(
                pl.element().replace_strict(_tactics(), default=None, return_dtype=pl.String)
            )
        ),
        kind=pl.lit("event" if is_event else "alert"),
        category=listed[0],
        type=listed[1],
        module=pl.lit("vedette"),
        dataset=pl.concat_str(pl.lit("vedette."), pl.col("kind") if not is_event else pl.lit(kind.name.lower())),
        ecs=pl.lit(VERSION),
        vendor=pl.lit("Vedette"),
        product=pl.lit("Vedette"),
    )


@cache
def _tactics() -> dict[str, str]:
    """Return the name of the first tactic of every technique."""
    return {uid: TACTICS[known.tactics[0]] for uid, known in techniques().items() if known.tactics}
