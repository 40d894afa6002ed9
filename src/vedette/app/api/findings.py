"""Findings: what each detector saw, and the events behind it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from vedette.app.api.access import Viewer
from vedette.app.api.parts import Have, Parts
from vedette.app.api.refusals import missing
from vedette.app.api.shapes import FindingPage, FindingPaging, FindingWhole, Uid, finding_whole, stored_finding_line
from vedette.store.state.stored import FindingFilter, StoredFinding

router = APIRouter(prefix="/findings", tags=["findings"])
Named = Annotated[Uid, Path(description="The uid of a finding.")]


@router.get("")
def findings(have: Have, _: Viewer, asked: Annotated[FindingPaging, Query()]) -> FindingPage:
    """List findings, newest first."""
    wanted = FindingFilter(
        severity=asked.severity_id,
        detector=asked.detector,
        alert=asked.alert,
        state=asked.state or "",
        incident=asked.incident,
        entity=asked.entity,
        kind=asked.kind,
        technique=asked.technique,
        since=asked.since,
        until=asked.until,
        text=asked.text,
    )
    page = have.state.findings(wanted, asked.after, asked.limit)
    return FindingPage.model_validate({"items": [stored_finding_line(f) for f in page.items], "next": page.next})


@router.get("/{uid}", response_model=FindingWhole)
def finding(have: Have, _: Viewer, uid: Named) -> dict[str, Any]:
    """Tell a finding with its reasons and a sample of the events behind it."""
    return finding_whole(_found(have, uid))


@router.get("/{uid}/evidence")
def evidence(have: Have, _: Viewer, uid: Named) -> list[dict[str, Any]]:
    """List a sample of the events behind a finding, oldest first: attribute of OCSF -> value."""
    return list(_found(have, uid).evidence)


def _found(have: Parts, uid: str) -> StoredFinding:
    found = have.state.finding(uid)
    if found is None:
        raise missing("finding")
    return found
