"""Findings and incidents as rows of OCSF, and findings back from rows: what was found is an event like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b
from ipaddress import ip_address
from typing import Any

import msgspec
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.intel.attack import technique
from vedette.model import Analytic, Entity, EntityKind, Evidence, Finding, Incident, Reason, Severity

PRODUCT = "Vedette"
SHOWN = 1_000
"""Findings, and observables, that one row lists; ``count`` says how many there are."""
FOREIGN_SCORE = 0.6
"""How sure we take another product to be when it does not say: above the usual threshold, below corroborated."""
OBSERVABLES: dict[EntityKind, int] = {
    EntityKind.HOST: 1,
    EntityKind.ADDRESS: 2,
    EntityKind.USER: 4,
    EntityKind.FILE: 7,
    EntityKind.DOMAIN: 1,
    EntityKind.SERVICE: 99,
}
"""OCSF ``observables.type_id``; a domain is a Hostname there, so its name says which it is."""
_CREATE, _NEW = 1, 1
_TELLING = (
    *(
        "metadata.uid",
        "metadata.log_name",
        "metadata.sequence",
        "time",
        "finding_info.analytic.name",
        "finding_info.title",
    ),
    *("message", "src_endpoint.ip", "dst_endpoint.ip"),
)
"""What makes the id of a finding that has none."""
_KINDS = frozenset(k.value for k in EntityKind)


class _Rest(msgspec.Struct, omit_defaults=True):
    """What a Detection Finding has no place for; stands in ``unmapped``."""

    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    false_positives: tuple[str, ...] = ()


def findings_batch(findings: Sequence[Finding]) -> EventBatch:
    """Return a Detection Finding per finding, in order."""
    return _batch(EventClass.DETECTION_FINDING, [_finding_row(f) for f in findings])


def incidents_batch(incidents: Sequence[Incident]) -> EventBatch:
    """Return an Incident Finding per incident, in order."""
    return _batch(EventClass.INCIDENT_FINDING, [_incident_row(i) for i in incidents])


def to_findings(batch: EventBatch) -> list[Finding]:
    """Return the findings that rows of Detection Finding hold: our own as they were, others' as far as they say.

    A loop over rows, because a finding is an object.
    """
    return [_finding(row) for row in batch.frame.iter_rows(named=True)]


def _batch(kind: EventClass, rows: list[dict[str, Any]]) -> EventBatch:
    columns = list(rows[0]) if rows else ["time"]
    return EventBatch(kind, pl.DataFrame(rows, schema={c: SCHEMAS[kind][c] for c in columns}), records=0)


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
        "is_alert": True,
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


def _finding(row: Mapping[str, Any]) -> Finding:
    rest = _rest(row.get("unmapped"))
    detector = str(row.get("finding_info.analytic.name") or row.get("metadata.log_provider") or "unknown")
    title = str(row.get("finding_info.title") or row.get("message") or detector)
    actors, targets = _parties(row)
    return Finding(
        uid=row.get("finding_info.uid") or _uid(row),
        detector=detector,
        title=title,
        summary=str(row.get("finding_info.desc") or title),
        analytic=Analytic(_within(row.get("finding_info.analytic.type_id"), Analytic.RULE, Analytic.FINGERPRINTING)),
        severity=Severity(_within(row.get("severity_id"), Severity.INFORMATIONAL, Severity.CRITICAL)),
        first_seen=row.get("finding_info.first_seen_time") or row.get("start_time") or row["time"],
        last_seen=row.get("finding_info.last_seen_time") or row.get("end_time") or row["time"],
        score=_score(rest.score, row.get("confidence_score")),
        actors=actors,
        targets=targets,
        techniques=tuple(t for t in row.get("finding_info.attacks.technique.uid") or () if t),
        reasons=rest.reasons,
        evidence=_evidence(row),
        event_count=row.get("count") or 1,
        false_positives=rest.false_positives,
    )


def _rest(text: str | None) -> _Rest:
    try:
        return msgspec.json.decode(text or "{}", type=_Rest)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return _Rest()


def _within(value: int | None, low: int, high: int) -> int:
    return min(max(value or low, low), high)


def _score(exact: float | None, percent: int | None) -> float:
    score = exact if exact is not None else FOREIGN_SCORE if percent is None else percent / 100
    return min(max(score, 0.0), 1.0)


def _uid(row: Mapping[str, Any]) -> str:
    text = "\n".join(str(row.get(c)) for c in _TELLING)
    return blake2b(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _parties(row: Mapping[str, Any]) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
    """Return actors and targets: from our observables, else from the endpoints of the connection."""
    found: dict[str, list[Entity]] = {"actor": [], "target": []}
    for label, value in zip(row.get("observables.name") or (), row.get("observables.value") or (), strict=False):
        role, _, kind = (label or "").partition(".")
        if role in found and kind in _KINDS and value is not None:
            found[role].append(Entity(EntityKind(kind), value))
    for role, side in (("actor", "src_endpoint.ip"), ("target", "dst_endpoint.ip")):
        if not found[role] and row.get(side):
            found[role].append(_place(row[side]))
    return tuple(found["actor"]), tuple(found["target"])


def _place(value: str) -> Entity:
    try:
        ip_address(value)
    except ValueError:
        return Entity(EntityKind.HOST, value)
    return Entity(EntityKind.ADDRESS, value)


def _evidence(row: Mapping[str, Any]) -> tuple[Evidence, ...]:
    """Return the rows behind a finding; another product's alert is its own evidence."""
    pointers = [str(u).rpartition("#") for u in row.get("finding_info.related_events.uid") or () if u]
    if not pointers and row.get("metadata.log_name") is not None and row.get("metadata.sequence") is not None:
        return (Evidence(row["metadata.log_name"], row["metadata.sequence"]),)
    return tuple(Evidence(log, int(n)) for log, _, n in pointers if n.isdecimal())
