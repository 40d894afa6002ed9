"""Rows of the tables as the values that the store gives back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import msgspec

from vedette.errors import StoreError
from vedette.model import Finding, Incident, Plan
from vedette.store.state.stored import StoredFinding, StoredIncident
from vedette.store.state.texts import moment

CHUNK = 500
"""Values in one question: databases bound how many there may be."""

T = TypeVar("T")
Kept: TypeAlias = Any
"""A row of a table, with its columns as attributes."""
_FINDING = msgspec.json.Decoder(Finding)
_INCIDENT = msgspec.json.Decoder(Incident)
_PLANS = msgspec.json.Decoder(tuple[Plan, ...])
_ROWS = msgspec.json.Decoder(tuple[dict[str, Any], ...])


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values, at most ``CHUNK`` at a time."""
    for at in range(0, len(values), CHUNK):
        yield values[at : at + CHUNK]


def when(at: int | None) -> datetime | None:
    """Return a time, or None."""
    return None if at is None else moment(at)


def finding(row: Kept, incident: str = "", evidence: str = "[]") -> StoredFinding:
    """Return a row of findings."""
    found, rows = _decoded(_FINDING, row.content, row.uid), _decoded(_ROWS, evidence, row.uid)
    return StoredFinding(found, row.state, incident, rows, row.changed, moment(row.changed_at))


def plain_finding(row: Kept) -> Finding:
    """Return the finding of a row that has ``content`` and ``uid``."""
    return _decoded(_FINDING, row.content, row.uid)


def incident_alone(row: Kept) -> Incident:
    """Return the incident of a row, without its findings."""
    return _decoded(_INCIDENT, row.content, row.uid)


def incident(row: Kept, findings: tuple[Finding, ...] = ()) -> StoredIncident:
    """Return a row of incidents."""
    return StoredIncident(
        incident=replace(incident_alone(row), findings=findings),
        finding_count=row.finding_count,
        status=row.status,
        verdict=row.verdict,
        plans=_decoded(_PLANS, row.plans, row.uid),
        gone=row.gone,
        successor=row.successor,
        changed=row.changed,
        changed_at=moment(row.changed_at),
    )


def _decoded(decoder: msgspec.json.Decoder[T], content: str, uid: str) -> T:
    try:
        return decoder.decode(content)
    except msgspec.DecodeError as error:
        raise StoreError(f"what is stored of {uid} is damaged: {error}", hint="put a backup back") from error
