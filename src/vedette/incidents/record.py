"""Findings and incidents as rows of OCSF: what was found is an event like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.intel.attack import technique
from vedette.model import Entity, EntityKind, Finding, Incident, Reason

PRODUCT = "Vedette"
SHOWN = 1_000
"""Findings, and observables, that one row lists; ``count`` says how many there are."""
OBSERVABLES: dict[EntityKind, int] = {
    EntityKind.HOST: 1,
    EntityKind.ADDRESS: 2,
    EntityKind.USER: 4,
    EntityKind.FILE: 7,
    EntityKind.DOMAIN: 1,
    EntityKind.SERVICE: 99,
    EntityKind.EMAIL: 5,
    EntityKind.URL: 6,
    EntityKind.ACCOUNT: 99,
    EntityKind.COUNTERPARTY: 99,
    EntityKind.MESSAGE: 99,
}
"""OCSF ``observables.type_id``; a domain is a Hostname there, so its name says which it is."""
_CREATE, _NEW = 1, 1
_OWN = ("vedette.entity", "vedette.entity_kind", "vedette.role", "vedette.score", "vedette.p_value")


class _Rest(msgspec.Struct, omit_defaults=True):
    """What a Detection Finding has no place for; stands in ``unmapped``."""

    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    false_positives: tuple[str, ...] = ()


def findings_batch(findings: Sequence[Finding]) -> EventBatch:
    """Return a Detection Finding per finding, in order."""
    return _batch(EventClass.DETECTION_FINDING, [_finding_row(f) for f in findings])


def own_findings_batch(findings: Sequence[Finding]) -> EventBatch:
    """Return a row per finding and entity of it, for detectors that judge findings together; ``metadata.sequence`` numbers the findings."""
    return _numbered(_own_rows(findings), findings)


class OwnFindings:
    """``own_findings_batch`` of findings most of which were there the last time: their rows are not made again."""

    def __init__(self) -> None:
        self._known: dict[str, Finding] = {}
        self._rows = pl.DataFrame()

    def batch(self, findings: Sequence[Finding]) -> EventBatch:
        """Return what ``own_findings_batch`` does."""
        same = {f.uid for f in findings if self._known.get(f.uid) == f}
        fresh = _own_rows([f for f in findings if f.uid not in same])
        old = self._rows.filter(pl.col("metadata.uid").is_in(list(same))) if same else fresh.clear()
        self._rows = pl.concat([part for part in (old, fresh) if part.height] or [fresh])
        self._known = {f.uid: f for f in findings}
        return _numbered(self._rows, findings)


def _own_rows(findings: Sequence[Finding]) -> pl.DataFrame:
    """Return a row per finding and entity of it: actors first."""
    parts = [
        (number, role, entity)
        for number, f in enumerate(findings)
        for role, entities in (("actor", f.actors), ("target", f.targets))
        for entity in entities
    ]
    at = [number for number, _, _ in parts]
    told = pl.DataFrame(
        {
            "vedette.entity": [e.value for _, _, e in parts],
            "vedette.entity_kind": [e.kind.value for _, _, e in parts],
            "vedette.role": [role for _, role, _ in parts],
            "vedette.score": [findings[n].score for n in at],
            "vedette.p_value": [findings[n].p_value for n in at],
        },
        schema={c: SCHEMAS[EventClass.OWN_FINDING][c] for c in _OWN},
    )
    return findings_batch(findings).frame[at].hstack(told)


def _numbered(rows: pl.DataFrame, findings: Sequence[Finding]) -> EventBatch:
    """Return the rows of findings in the order of their age, numbered by finding."""
    ordered = sorted({f.uid: f for f in findings}.values(), key=lambda f: (f.first_seen, f.detector, f.uid))
    numbers = {f.uid: number for number, f in enumerate(ordered)}
    if not rows.height:
        return EventBatch(EventClass.OWN_FINDING, rows, records=0)
    at = pl.col("metadata.uid").replace_strict(numbers, return_dtype=pl.Int64).alias("metadata.sequence")
    whole = rows.with_columns(at, pl.lit(PRODUCT).alias("metadata.log_name"))
    return EventBatch(EventClass.OWN_FINDING, whole.sort("metadata.sequence", maintain_order=True), records=0)


def incidents_batch(incidents: Sequence[Incident]) -> EventBatch:
    """Return an Incident Finding per incident, in order."""
    return _batch(EventClass.INCIDENT_FINDING, [_incident_row(i) for i in incidents])


def _batch(kind: EventClass, rows: list[dict[str, Any]]) -> EventBatch:
    columns = list(rows[0]) if rows else ["time"]
    table = {c: [r[c] for r in rows] for c in columns}  # column by column: a table of rows is guessed at, row by row
    return EventBatch(kind, pl.DataFrame(table, schema={c: SCHEMAS[kind][c] for c in columns}), records=0)


def _base(of: Finding | Incident) -> dict[str, Any]:
    return {
        "time": of.last_seen,
        "start_time": of.first_seen,
        "end_time": of.last_seen,
        "duration": (of.last_seen - of.first_seen) // timedelta(milliseconds=1),
        "activity_id": _CREATE,
        "severity_id": int(of.severity),
        "status_id": _NEW,
        "message": of.title,
        "metadata.uid": of.uid,
        "metadata.log_provider": "vedette",
        "metadata.product.name": PRODUCT,
        **_observables(of),
    }


def _observables(of: Finding | Incident) -> dict[str, list[Any]]:
    both = [("actor", e) for e in of.actors[:SHOWN]] + [("target", e) for e in of.targets[:SHOWN]]
    return {
        "observables.name": [f"{role}.{e.kind}" for role, e in both],
        "observables.type_id": [OBSERVABLES[e.kind] for _, e in both],
        "observables.value": [e.value for _, e in both],
    }


def _names(techniques: Sequence[str]) -> list[str | None]:
    return [known.name if (known := technique(t)) else None for t in techniques]


def _only(kind: EntityKind, entities: Sequence[Entity]) -> str | None:
    """Return the one entity of this kind; None where there are none or several."""
    values = {e.value for e in entities if e.kind is kind}
    return values.pop() if len(values) == 1 else None


def _finding_row(f: Finding) -> dict[str, Any]:
    return {
        **_base(f),
        "count": f.event_count,
        "is_alert": f.alert,
        "confidence_score": round(100 * f.score),
        "src_endpoint.ip": _only(EntityKind.ADDRESS, f.actors),
        "dst_endpoint.ip": _only(EntityKind.ADDRESS, f.targets),
        "device.hostname": _only(EntityKind.HOST, f.targets),
        "finding_info.uid": f.uid,
        "finding_info.title": f.title,
        "finding_info.desc": f.summary,
        "finding_info.analytic.name": f.detector,
        "finding_info.analytic.uid": f.detector,
        "finding_info.analytic.type_id": int(f.analytic),
        "finding_info.attacks.technique.uid": list(f.techniques),
        "finding_info.attacks.technique.name": _names(f.techniques),
        "finding_info.first_seen_time": f.first_seen,
        "finding_info.last_seen_time": f.last_seen,
        "finding_info.related_events.uid": [f"{e.log_name}#{e.sequence}" for e in f.evidence],
        "finding_info.related_events_count": min(f.event_count, 2**31 - 1),
        "unmapped": msgspec.json.encode(_Rest(f.score, f.reasons, f.false_positives)).decode(),
    }


def _incident_row(i: Incident) -> dict[str, Any]:
    shown = i.findings[:SHOWN]
    return {
        **_base(i),
        "count": len(i.findings),
        "desc": "\n".join(i.story),
        "confidence_score": round(100 * i.confidence),
        "impact_id": int(i.severity) - 1,
        "finding_info_list.uid": [f.uid for f in shown],
        "finding_info_list.title": [f.title for f in shown],
        "attacks.technique.uid": list(i.techniques),
        "attacks.technique.name": _names(i.techniques),
        "unmapped": msgspec.json.encode({"risk": i.risk, "next_steps": i.next_steps}).decode(),
    }
