"""What the API takes and gives: the shapes of its JSON. A change here is a change of the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from vedette.intel.attack import technique
from vedette.model import Entity, EntityKind, Finding, Plan, Severity
from vedette.store.state.stored import StoredEntity, StoredFinding, StoredIncident, StoredVerdict

SHOWN = 20
"""Entities that a line of a list names; ``actor_count`` and ``target_count`` say how many there are."""
MOST, USUAL = 200, 50
"""Items of a page: at the most, and unless told otherwise."""

SeverityWord = Literal["informational", "low", "medium", "high", "critical"]
VerdictWord = Literal["true_positive", "false_positive", "benign", "undecided"]
StatusWord = Literal["new", "in_progress", "closed"]
Text = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]
"""Any text but NUL, which databases do not keep."""
Uid = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[0-9A-Za-z_.:-]+$")]
Why = Annotated[str, StringConstraints(min_length=5, max_length=1_000, pattern=r"^[^\x00]*$")]
"""A reason, for the audit log."""


class Shape(BaseModel):
    """Something that is given."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Asked(BaseModel):
    """Something that is taken: what it does not know is an error."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


# ----------------------------------------------------------------------------------------------------------------- asked


class Paging(Asked):
    """Which part of a list."""

    after: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")] = ""
    """``next`` of the page before."""
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    """Items of a page."""


class FilteredPaging(Paging):
    """Which part of a list of findings or incidents, and which of them."""

    severity: SeverityWord | None = None
    """At least this."""
    entity: Text = ""
    """The whole value of an entity: an address, a host, a user ..."""
    kind: EntityKind | None = None
    """The kind of that entity."""
    technique: Annotated[str, StringConstraints(pattern=r"^(T\d{4}(\.\d{3})?)?$")] = ""
    """An ATT&CK id; one with sub-techniques stands for these too."""
    detector: Annotated[str, StringConstraints(max_length=100, pattern=r"^[a-z0-9_]*$")] = ""
    """Found by it."""
    since: AwareDatetime | None = None
    """Last seen then or later."""
    until: AwareDatetime | None = None
    """First seen before."""
    text: Text = ""
    """A part of the title."""

    @property
    def severity_id(self) -> int:
        """The severity as OCSF numbers it; 0: any."""
        return Severity[self.severity.upper()].value if self.severity else 0


class IncidentPaging(FilteredPaging):
    """Which incidents."""

    status: StatusWord | None = None
    """Where the work on it stands."""
    verdict: VerdictWord | Literal["none"] | None = None
    """What people said of it; ``none``: nothing yet."""
    gone: bool = False
    """Also incidents that were taken up by others."""


class FindingPaging(FilteredPaging):
    """Which findings."""

    alert: bool | None = None
    """Those that may raise an incident by themselves, or building blocks."""
    state: Literal["provisional", "final", "withdrawn"] | None = None
    """By default all but the withdrawn."""
    incident: Annotated[str, StringConstraints(max_length=80, pattern=r"^[0-9A-Za-z_.:-]*$")] = ""
    """The uid of the incident that they are part of."""


class NewVerdict(Asked):
    """What a person thinks of an incident."""

    verdict: VerdictWord
    note: Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")] = ""
    """Why, for those who come after."""


class NewStatus(Asked):
    """Where the work on an incident stands."""

    status: StatusWord


class Words(Asked):
    """A word about a decision."""

    why: Text = ""
    """For the journal."""


class NewAction(Asked):
    """A plan of an incident that is to become a request."""

    incident: Uid
    """Its uid."""
    plan: Uid
    """``request`` of the plan."""


class Named(Asked):
    """Tokens that stand for people, and why their names are asked for."""

    tokens: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(min_length=1, max_length=100)]
    """Tokens of pseudonyms; what is none is passed over."""
    reason: Why
    """For the audit log."""


class Erasure(Asked):
    """Whom to erase, and why."""

    kind: EntityKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
    """The whole value, as findings name it."""
    reason: Why
    """For the audit log, which does not name whom."""


# ----------------------------------------------------------------------------------------------------------------- given


class EntityShape(Shape):
    """One thing that acts or is acted on."""

    kind: EntityKind
    value: str


class TechniqueShape(Shape):
    """A technique of ATT&CK."""

    uid: str
    name: str


class ReasonShape(Shape):
    """One cause of a score."""

    text: str
    weight: float
    attribute: str


class FindingLine(Shape):
    """What one detector saw of one actor."""

    uid: str
    detector: str
    title: str
    summary: str
    analytic: str
    """How the detector knows: rule, behavioral, statistical, learning or fingerprinting."""
    severity: SeverityWord
    severity_id: int
    first_seen: datetime
    last_seen: datetime
    score: float
    """In [0, 1]: how sure the detector is."""
    p_value: float | None
    alert: bool
    """Whether it may raise an incident by itself."""
    actors: list[EntityShape]
    actor_count: int
    targets: list[EntityShape]
    target_count: int
    techniques: list[TechniqueShape]
    reasons: list[ReasonShape]
    event_count: int


class StoredFindingLine(FindingLine):
    """A finding as it stands in the store."""

    state: Literal["provisional", "final", "withdrawn"]
    """``provisional``: its window is open, it may change; ``final``: it stays; ``withdrawn``: it turned out to be nothing."""
    incident: str
    """The uid of the incident that it is part of, or nothing."""
    changed: int
    changed_at: datetime


class FindingWhole(StoredFindingLine):
    """A finding with all that is known of it."""

    false_positives: list[str]
    """What else looks like it."""
    evidence: list[dict[str, Any]]
    """Events behind it, oldest first, at most so many as are kept: attribute of OCSF -> value."""


class PlanShape(Shape):
    """What an action would do."""

    request: str
    """The uid of the request that it is, or becomes when it is proposed."""
    action: str
    target: EntityShape
    steps: list[str]
    undo: list[str]
    disruptive: bool
    ttl_seconds: int
    why: str
    objections: list[str]


class IncidentLine(Shape):
    """An incident in a list."""

    uid: str
    title: str
    severity: SeverityWord
    severity_id: int
    risk: float
    """In [0, 1]: how sure times how bad."""
    confidence: float
    first_seen: datetime
    last_seen: datetime
    status: StatusWord
    verdict: VerdictWord | Literal[""]
    actors: list[EntityShape]
    actor_count: int
    targets: list[EntityShape]
    target_count: int
    techniques: list[TechniqueShape]
    finding_count: int
    plan_count: int
    gone: bool
    """Taken up by another: ``successor`` (nothing, where its findings were withdrawn)."""
    successor: str
    changed: int
    """Its number in the feed of changes."""
    changed_at: datetime


class IncidentWhole(IncidentLine):
    """An incident with its story."""

    story: list[str]
    next_steps: list[str]
    findings: list[FindingLine]
    """By time; at most as many as the store gives at once: ``finding_count`` says how many there are."""
    plans: list[PlanShape]


class EntityLine(Shape):
    """One thing that findings are about."""

    kind: EntityKind
    value: str
    risk: float
    """The highest of its open incidents."""
    incidents: int
    """Open ones."""
    findings: int
    first_seen: datetime
    last_seen: datetime


class VerdictShape(Shape):
    """What somebody thought of an incident, and when."""

    incident: str
    """The uid that the incident had then."""
    verdict: str
    who: str
    note: str
    at: datetime


class IncidentPage(Shape):
    """A part of the incidents, newest first."""

    items: list[IncidentLine]
    next: str
    """``after`` of the page behind; empty at the end."""


class FindingPage(Shape):
    """A part of the findings, newest first."""

    items: list[StoredFindingLine]
    next: str
    """``after`` of the page behind; empty at the end."""


class EntityPage(Shape):
    """A part of the entities, newest first."""

    items: list[EntityLine]
    next: str
    """``after`` of the page behind; empty at the end."""


# ------------------------------------------------------------------------------------------------------ from the nouns


def entity_shape(of: Entity) -> EntityShape:
    """Return an entity as JSON has it."""
    return EntityShape(kind=of.kind, value=of.value)


def entity_line(of: StoredEntity) -> EntityLine:
    """Return an entity of the store as a list has it."""
    return EntityLine(
        kind=of.entity.kind,
        value=of.entity.value,
        risk=of.risk,
        incidents=of.incidents,
        findings=of.findings,
        first_seen=of.first_seen,
        last_seen=of.last_seen,
    )


def verdict_shape(of: StoredVerdict) -> VerdictShape:
    """Return a verdict as JSON has it."""
    return VerdictShape(incident=of.incident, verdict=of.verdict, who=of.who, note=of.note, at=of.at)


def plan_shape(of: Plan, request: str) -> PlanShape:
    """Return a plan as JSON has it."""
    return PlanShape(
        request=request,
        action=of.action,
        target=entity_shape(of.target),
        steps=list(of.steps),
        undo=list(of.undo),
        disruptive=of.disruptive,
        ttl_seconds=of.ttl_seconds,
        why=of.why,
        objections=list(of.objections),
    )


def incident_line(of: StoredIncident) -> dict[str, Any]:
    """Return an incident as a list has it."""
    incident = of.incident
    return {
        **_common(incident.actors, incident.targets, incident.techniques, incident.severity),
        **{n: getattr(incident, n) for n in ("uid", "title", "risk", "confidence", "first_seen", "last_seen")},
        **{n: getattr(of, n) for n in ("status", "verdict", "finding_count", "gone", "successor", "changed")},
        "changed_at": of.changed_at,
        "plan_count": len(of.plans),
    }


def incident_whole(of: StoredIncident, requests: Sequence[str]) -> dict[str, Any]:
    """Return an incident with its story; ``requests``: the uid of the request that each of its plans is."""
    return {
        **incident_line(of),
        "story": list(of.incident.story),
        "next_steps": list(of.incident.next_steps),
        "findings": [finding_line(f) for f in of.incident.findings],
        "plans": [plan_shape(p, uid) for p, uid in zip(of.plans, requests, strict=True)],
    }


def finding_line(of: Finding) -> dict[str, Any]:
    """Return a finding as a list has it."""
    same = (
        "uid",
        "detector",
        "title",
        "summary",
        "first_seen",
        "last_seen",
        "score",
        "p_value",
        "alert",
        "event_count",
    )
    return {
        **_common(of.actors, of.targets, of.techniques, of.severity),
        **{n: getattr(of, n) for n in same},
        "analytic": of.analytic.name.lower(),
        "reasons": [{"text": r.text, "weight": r.weight, "attribute": r.attribute} for r in of.reasons],
    }


def stored_finding_line(of: StoredFinding) -> dict[str, Any]:
    """Return a finding of the store as a list has it."""
    return {
        **finding_line(of.finding),
        **{n: getattr(of, n) for n in ("state", "incident", "changed", "changed_at")},
    }


def finding_whole(of: StoredFinding) -> dict[str, Any]:
    """Return a finding with all that is known of it."""
    return {
        **stored_finding_line(of),
        "false_positives": list(of.finding.false_positives),
        "evidence": list(of.evidence),
    }


def _common(
    actors: Sequence[Entity], targets: Sequence[Entity], techniques: Sequence[str], severity: Severity
) -> dict[str, Any]:
    return {
        "actors": [entity_shape(e) for e in actors[:SHOWN]],
        "actor_count": len(actors),
        "targets": [entity_shape(e) for e in targets[:SHOWN]],
        "target_count": len(targets),
        "techniques": [{"uid": t, "name": known.name if (known := technique(t)) else ""} for t in techniques],
        "severity": severity.name.lower(),
        "severity_id": severity.value,
    }
