"""Incidents: what was found, put together, and what people think of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from vedette.app.api.access import Analyst, Viewer
from vedette.app.api.parts import Have, Parts
from vedette.app.api.refusals import missing
from vedette.app.api.shapes import (
    FindingPage,
    IncidentPage,
    IncidentPaging,
    IncidentWhole,
    NewStatus,
    NewVerdict,
    Paging,
    Uid,
    VerdictShape,
    incident_line,
    incident_whole,
    stored_finding_line,
    verdict_shape,
)
from vedette.response.world import request
from vedette.store.state.stored import FindingFilter, IncidentFilter, StoredIncident

router = APIRouter(prefix="/incidents", tags=["incidents"])
Named = Annotated[Uid, Path(description="The uid of an incident, or its first letters (four at least).")]


@router.get("")
def incidents(have: Have, _: Viewer, asked: Annotated[IncidentPaging, Query()]) -> IncidentPage:
    """List incidents, newest first."""
    wanted = IncidentFilter(
        severity=asked.severity_id,
        status=asked.status or "",
        verdict=asked.verdict or "",
        entity=asked.entity,
        kind=asked.kind,
        technique=asked.technique,
        detector=asked.detector,
        since=asked.since,
        until=asked.until,
        text=asked.text,
        gone=asked.gone,
    )
    page = have.state.incidents(wanted, asked.after, asked.limit)
    return IncidentPage.model_validate({"items": [incident_line(i) for i in page.items], "next": page.next})


@router.get("/{uid}", response_model=IncidentWhole)
def incident(have: Have, _: Viewer, uid: Named) -> dict[str, Any]:
    """Tell an incident with its story, findings and plans. One that was taken up by another leads to that."""
    return _whole(found_in(have, uid))


@router.get("/{uid}/findings")
def findings(have: Have, _: Viewer, uid: Named, asked: Annotated[Paging, Query()]) -> FindingPage:
    """List the findings of an incident, newest first."""
    wanted = FindingFilter(incident=found_in(have, uid).incident.uid)
    page = have.state.findings(wanted, asked.after, asked.limit)
    return FindingPage.model_validate({"items": [stored_finding_line(f) for f in page.items], "next": page.next})


@router.get("/{uid}/verdicts")
def verdicts(have: Have, _: Viewer, uid: Named) -> list[VerdictShape]:
    """List what people thought of an incident, as the store keeps it."""
    return [verdict_shape(v) for v in have.state.verdicts(found_in(have, uid).incident.uid)]


@router.post("/{uid}/verdicts", response_model=IncidentWhole)
def judge(have: Have, caller: Analyst, uid: Named, said: NewVerdict) -> dict[str, Any]:
    """Say what you think of an incident; what was said before is kept."""
    named = found_in(have, uid).incident.uid
    have.state.verdict(named, said.verdict, caller.name, said.note)
    have.note(caller, "verdict", named, said.verdict)
    return _whole(found_in(have, named))


@router.put("/{uid}/status", response_model=IncidentWhole)
def move(have: Have, caller: Analyst, uid: Named, said: NewStatus) -> dict[str, Any]:
    """Say where the work on an incident stands."""
    named = found_in(have, uid).incident.uid
    have.state.status(named, said.status, caller.name)
    return _whole(found_in(have, named))


def found_in(have: Parts, uid: str) -> StoredIncident:
    """Return an incident.

    Raises:
        Denied: there is none.
    """
    found = have.state.incident(uid)
    if found is None:
        raise missing("incident")
    return found


def _whole(found: StoredIncident) -> dict[str, Any]:
    return incident_whole(found, [request(p, found.incident).uid for p in found.plans])
