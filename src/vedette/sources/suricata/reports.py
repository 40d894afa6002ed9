"""EVE's alert, anomaly and other events as tables: OCSF column -> expression over the fields of the record.

An alert has the packet's direction, unless the rule names attacker and victim (``alert.source``, ``alert.target``).
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.schema import STRINGS, EventClass
from vedette.sources.suricata.expressions import BASE, PORTS, Event, fitting, integer

_SEVERITY = {1: 4, 2: 3, 3: 2}
_RULE = pl.format("{}:{}", col("alert.gid").fill_null(1), col("alert.signature_id").fill_null(0))
_TECHNIQUES = (
    col("alert.metadata.mitre_technique_id")
    .list.eval(pl.element().str.replace("_", ".", literal=True))
    .list.eval(pl.element().filter(pl.element().str.contains(r"^T\d{4}(\.\d{3})?$")))
)
ALERT = Event(
    EventClass.DETECTION_FINDING,
    ("alert", "alert.source", "alert.target", "alert.metadata"),
    {
        **BASE,
        **PORTS,
        "src_endpoint.ip": pl.coalesce("alert.source.ip", "src_ip"),
        "src_endpoint.port": pl.when(col("alert.source.ip").is_null())
        .then(PORTS["src_endpoint.port"])
        .otherwise(col("alert.source.port")),
        "dst_endpoint.ip": pl.coalesce("alert.target.ip", "dest_ip"),
        "dst_endpoint.port": pl.when(col("alert.target.ip").is_null())
        .then(PORTS["dst_endpoint.port"])
        .otherwise(col("alert.target.port")),
        "activity_id": integer(1),
        "severity_id": col("alert.severity").replace_strict(_SEVERITY, default=1, return_dtype=pl.Int32),
        "status_code": col("alert.action"),
        "message": col("alert.signature"),
        "is_alert": pl.lit(value=True),
        "finding_info.uid": pl.concat_str(
            pl.lit("suricata"),
            _RULE,
            col("flow_id"),
            col("timestamp").dt.timestamp("us"),
            col("src_ip"),
            col("dest_ip"),
            separator="|",
            ignore_nulls=True,
        ),
        "finding_info.title": col("alert.signature"),
        "finding_info.desc": col("alert.category").replace({"": None}),
        "finding_info.analytic.name": col("alert.signature"),
        "finding_info.analytic.uid": _RULE,
        "finding_info.analytic.type_id": integer(1),
        "finding_info.attacks.technique.uid": _TECHNIQUES.cast(STRINGS),
        "finding_info.first_seen_time": col("timestamp"),
        "finding_info.last_seen_time": col("timestamp"),
    },
)
ANOMALY = Event(
    EventClass.EVENT_LOG,
    ("anomaly",),
    {
        **fitting(EventClass.EVENT_LOG, BASE),
        "activity_id": integer(1),
        "log_name": pl.lit("anomaly"),
        "log_provider": pl.lit("suricata"),
        "message": pl.concat_str("app_proto", "anomaly.type", "anomaly.event", separator=": ", ignore_nulls=True),
        "status_detail": col("anomaly.layer"),
    },
)
OTHER = Event(
    EventClass.EVENT_LOG,
    (),
    {
        **fitting(EventClass.EVENT_LOG, BASE),
        "activity_id": integer(1),
        "log_name": col("event_type"),
        "log_provider": pl.lit("suricata"),
    },
)
