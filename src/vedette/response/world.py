"""What is in force, what waits and what was done: read from the journal, and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from vedette.errors import JournalError
from vedette.model import Analytic, Entity, EntityKind, Incident, Plan
from vedette.response.journal import Entry


class Status(StrEnum):
    """Where a plan stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    APPLYING = "applying"
    IN_FORCE = "in force"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    OVER = "over"
    """Its time is up, and there was nothing to take back: a session that ended, a case that stays."""


IN_THE_WORLD = frozenset({Status.APPLYING, Status.IN_FORCE, Status.UNDOING})
"""The plan has, or may have, an effect now."""

_KINDS = {
    "approved": Status.APPROVED,
    "rejected": Status.REJECTED,
    "applying": Status.APPLYING,
    "applied": Status.IN_FORCE,
    "failed": Status.FAILED,
    "undoing": Status.UNDOING,
    "undone": Status.UNDONE,
    "undo failed": Status.UNDOING,
    "over": Status.OVER,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A plan together with what the guard must know of the incident that it answers.

    Attributes:
        uid: stable: the same plan for the same incident has the same.
        analytics: the kinds of analytic behind the alerts about the target.
        techniques: of the incident.
        began: when the incident began.
        people: who approved.
        since: when it came into force, or began to; ``until``: when its time is up.
        tried: when an undo of it last failed.
    """

    uid: str
    plan: Plan
    incident: str
    title: str
    analytics: frozenset[Analytic]
    techniques: tuple[str, ...]
    began: datetime
    status: Status = Status.PROPOSED
    people: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    tried: datetime | None = None
    details: dict[str, str] = field(default_factory=dict)


def request(plan: Plan, incident: Incident) -> Request:
    """Return the request to carry out a plan of an incident."""
    alerts = [f for f in incident.findings if f.alert]
    about = [f for f in alerts if plan.target in (*f.actors, *f.targets)] or alerts
    parameters = (word for pair in sorted(plan.parameters.items()) for word in pair)
    named = "\x1f".join((incident.uid, plan.action, plan.target.kind, plan.target.value, *parameters))
    return Request(
        uid=blake2b(named.encode("utf-8", "backslashreplace"), digest_size=6).hexdigest(),
        plan=plan,
        incident=incident.uid,
        title=incident.title,
        analytics=frozenset(f.analytic for f in about),
        techniques=incident.techniques,
        began=incident.first_seen,
    )


@dataclass(slots=True)
class World:
    """The journal, summed up.

    Attributes:
        requests: by uid, oldest first.
        stopped: who threw the kill switch, or nothing.
        done: (time, action) of everything that was begun, ever.
    """

    requests: dict[str, Request] = field(default_factory=dict)
    stopped: str = ""
    done: list[tuple[datetime, str, Entity]] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> World:
        """Sum up a journal.

        Raises:
            JournalError: a line speaks of a plan that no line proposed.
        """
        world = cls()
        for entry in entries:
            world.take(entry)
        return world

    def copy(self) -> World:
        """Return one that does not change when this one goes on; requests themselves never change."""
        return World(dict(self.requests), self.stopped, list(self.done))

    def take(self, entry: Entry) -> None:
        """Let the world go on by one line."""
        if entry.kind == "proposed":
            found = _from_data(entry.data)
            self.requests.setdefault(found.uid, found)
        elif entry.kind in ("stopped", "resumed"):
            self.stopped = str(entry.data["who"]) if entry.kind == "stopped" else ""
        elif entry.kind in _KINDS:
            self._change(entry)

    def _change(self, entry: Entry) -> None:
        uid = str(entry.data["uid"])
        if uid not in self.requests:
            raise JournalError(f"line {entry.number + 1} speaks of a plan that nobody proposed: {uid!r}")
        before = self.requests[uid]
        told = {str(k): str(v) for k, v in entry.data.get("details", {}).items()}
        details = {**before.details, **told}  # what an undo needs outlives an undo that failed
        now = replace(before, status=_KINDS[entry.kind], details=details)
        if entry.kind == "approved":
            now = replace(now, people=tuple(dict.fromkeys((*before.people, str(entry.data["who"])))))
        if entry.kind == "applying":
            until = entry.time + timedelta(seconds=before.plan.ttl_seconds)
            now = replace(now, since=entry.time, until=until)
            self.done.append((entry.time, before.plan.action, before.plan.target))
        if entry.kind == "undo failed":  # one that was interrupted is tried again at once
            now = replace(now, tried=entry.time)
        self.requests[uid] = now

    def in_the_world(self) -> list[Request]:
        """Return the requests that have, or may have, an effect now."""
        return [r for r in self.requests.values() if r.status in IN_THE_WORLD]


def to_data(found: Request) -> dict[str, Any]:
    """Return a request as the journal keeps it."""
    return {
        "uid": found.uid,
        "plan": {**asdict(found.plan), "target": [found.plan.target.kind.value, found.plan.target.value]},
        "incident": found.incident,
        "title": found.title,
        "analytics": sorted(a.name for a in found.analytics),
        "techniques": list(found.techniques),
        "began": found.began.isoformat(),
    }


def _from_data(data: dict[str, Any]) -> Request:
    kind, value = data["plan"]["target"]
    fields: dict[str, Any] = {
        n: tuple(v) if isinstance(v, list) else v for n, v in data["plan"].items() if n != "target"
    }
    return Request(
        uid=data["uid"],
        plan=Plan(target=Entity(EntityKind(kind), value), **fields),
        incident=data["incident"],
        title=data["title"],
        analytics=frozenset(Analytic[name] for name in data["analytics"]),
        techniques=tuple(data["techniques"]),
        began=datetime.fromisoformat(data["began"]),
    )
