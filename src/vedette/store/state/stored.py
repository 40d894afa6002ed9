"""What the store gives back, and what it can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from vedette.model import Entity, EntityKind, Finding, Incident, Plan

PROVISIONAL, FINAL, WITHDRAWN = "provisional", "final", "withdrawn"
"""States of a finding: its window is still open; it will not change any more; it turned out to be nothing, or went into another."""

STATUSES = ("new", "in_progress", "closed")
VERDICTS = ("true_positive", "false_positive", "benign", "undecided")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, newest first.

    Attributes:
        items: at most as many as were asked for.
        next: the place to go on from; "" at the end of the list.
    """

    items: tuple[T, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class StoredIncident:
    """An incident as it is kept.

    Attributes:
        incident: in a list without its findings; asked for by its uid with them (the first ``MOST_FINDINGS`` by time).
        finding_count: how many findings it has.
        status: new, in_progress or closed; ``verdict``: "" while there is none.
        plans: what is proposed about it.
        gone: it was replaced, by ``successor`` or by nothing ("").
        changed: its number in the change feed; ``changed_at``: when that was.
    """

    incident: Incident
    finding_count: int
    status: str
    verdict: str
    plans: tuple[Plan, ...]
    gone: bool
    successor: str
    changed: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding as it is kept.

    Attributes:
        state: provisional, final or withdrawn.
        incident: uid of the incident that it is part of; "" where it is in none.
        evidence: rows (attribute path -> value) as JSON has them: times are ISO texts. Empty in a list.
        changed: its number in the change feed; ``changed_at``: when that was.
    """

    finding: Finding
    state: str
    incident: str
    evidence: tuple[dict[str, Any], ...]
    changed: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """One thing that findings are about.

    Attributes:
        entity: its kind and value; a value longer than the store's limit is cut, and ends with a hash of the whole.
        risk: the highest of its open incidents; 0 without one.
        incidents: how many open ones; ``findings``: how many that are not withdrawn.
    """

    entity: Entity
    risk: float
    incidents: int
    findings: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """One verdict of a person.

    Attributes:
        incident: uid of the incident as it was called when it was judged.
    """

    incident: str
    verdict: str
    who: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed; a later change of the same thing takes the place of an earlier one.

    Attributes:
        number: rising, in the order of commits, without two alike.
        kind: "incident" or "finding".
        gone: it was withdrawn or replaced.
    """

    number: int
    at: datetime
    kind: str
    uid: str
    gone: bool
    severity_id: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """A sink's place in the change feed.

    Attributes:
        number: the last change that it has.
        failures: how often in a row it failed since; ``why``: the last time; ``until``: when to try again.
    """

    sink: str
    number: int = 0
    failures: int = 0
    why: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A token of the API; never the token itself.

    Attributes:
        uid: the public part of the token, by which it is found.
        secret_hash: argon2, of the secret part.
    """

    uid: str
    name: str
    role: str
    secret_hash: str
    made: datetime
    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the audit log.

    Attributes:
        what: a short word: verdict, token added, refused ...
        about: uid or name of what it was done to.
        detail: more words, or JSON.
    """

    number: int
    at: datetime
    who: str
    what: str
    about: str
    detail: str


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents; what is left empty does not matter.

    Attributes:
        severity: at least, OCSF ``severity_id``.
        verdict: one of ``VERDICTS``, or "none" for those without one.
        entity: its value, whole; ``kind``: of that entity.
        technique: an ATT&CK id; of a technique with sub-techniques also these.
        detector: that found part of it.
        since: last seen then or later; ``until``: first seen before.
        text: a part of the title.
        gone: also incidents that were replaced.
    """

    severity: int = 0
    status: str = ""
    verdict: str = ""
    entity: str = ""
    kind: EntityKind | None = None
    technique: str = ""
    detector: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings; what is left empty does not matter. Others as in ``IncidentFilter``.

    Attributes:
        alert: those that may raise an incident by themselves (True), or building blocks (False).
        state: one of provisional, final, withdrawn; "": all but the withdrawn.
        incident: uid of the incident that they are part of.
    """

    severity: int = 0
    detector: str = ""
    alert: bool | None = None
    state: str = ""
    incident: str = ""
    entity: str = ""
    kind: EntityKind | None = None
    technique: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
