"""Which changes of the store a sink is told of.

An incident is told once it has settled, again when its severity rises, and when it is closed or turns out to be part of another; not at
each small change. A finding is told when it is final.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from vedette.abc import Wanted
from vedette.model import Finding, Incident, Severity
from vedette.store.state.state import State
from vedette.store.state.stored import FINAL, WITHDRAWN, Change, StoredIncident

SETTLE_SECONDS = 60.0
"""An incident without a final finding is told when it is so old."""
TITLE_LIMIT = 200
MOST_REMEMBERED = 2_000
"""Incidents that a sink was told of, the last ones: later changes of older ones are told as if they were new."""
CREATED, UPDATED, CLOSED = 1, 2, 3
"""OCSF ``activity_id`` of findings."""
STATUS_IDS = {"new": 1, "in_progress": 2, "closed": 5}
"""Status of an incident -> OCSF ``status_id``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sink knows of an incident: the highest severity that it was told, and whether it was told that it is closed."""

    severity: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Something to be told.

    Attributes:
        number: of its change.
        thing: the incident or finding.
        activity, status: what happened to it: OCSF ``activity_id`` and ``status_id``.
        key: of an incident, the key of its message; a finding has its own by what is said.
        told: of an incident, what the sink knows of it afterwards.
    """

    number: int
    thing: Incident | Finding
    activity: int
    status: int
    key: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It is too early to tell; ``due`` is when to ask again, on the clock of ``Choice``."""

    due: float


class Memory:
    """What a sink was told of which incident; kept in the store. Bounded: the longest unheard of are forgotten."""

    def __init__(self, state: State, sink: str) -> None:
        self._state = state
        self._key = f"sink.{sink}.told"
        text = state.value(self._key)
        self._told: dict[str, Told] = msgspec.json.decode(text, type=dict[str, Told]) if text else {}

    def get(self, uid: str) -> Told | None:
        """Return what the sink knows of an incident."""
        return self._told.get(uid)

    def put(self, uid: str, told: Told) -> None:
        """Remember it; ``save`` makes it last."""
        self._told.pop(uid, None)
        self._told[uid] = told
        while len(self._told) > MOST_REMEMBERED:
            del self._told[next(iter(self._told))]

    def save(self) -> None:
        """Keep it in the store."""
        self._state.set_value(self._key, msgspec.json.encode(self._told).decode())


class Choice:
    """Decides for one sink what a change of the store means.

    Args:
        wanted: what goes to the sink.
        state: the store.
        memory: what the sink was told already.
        clock: seconds that only rise.
    """

    def __init__(
        self, wanted: Wanted, state: State, memory: Memory, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wanted = wanted
        self._state = state
        self._memory = memory
        self._clock = clock
        self._since: dict[str, float] = {}
        self._least = Severity[wanted.least.upper()]

    def item(self, change: Change) -> Chosen | Later | None:
        """Return what is to be sent because of a change, or when to ask again, or None: nothing."""
        if f"{change.kind}s" not in self._wanted.what:
            return None
        return self._of_incident(change) if change.kind == "incident" else self._of_finding(change)

    # ------------------------------------------------------------------------------------------------------ incidents

    def _of_incident(self, change: Change) -> Chosen | Later | None:
        stored = self._state.incident(change.uid)
        known = self._memory.get(change.uid)
        if stored is None:
            return None
        if stored.gone or stored.incident.uid != change.uid:
            self._since.pop(change.uid, None)
            return None if known is None or known.closed else self._gone(change, stored, known)
        closed = stored.status == "closed"
        activity = self._activity(stored.incident.severity, closed, known)
        if activity == CREATED and not closed and (due := self._settles(stored.incident)) > self._clock():
            return Later(due)
        self._since.pop(change.uid, None)
        return self._incident(change, stored.incident, stored.status, activity) if activity else None

    def _activity(self, severity: Severity, closed: bool, known: Told | None) -> int:
        """Return what is to be told of an incident; 0: nothing."""
        if known is None:
            return 0 if severity < self._least else CLOSED if closed else CREATED
        if closed:
            return 0 if known.closed else CLOSED
        return UPDATED if known.closed or severity > known.severity else 0

    def _settles(self, incident: Incident) -> float:
        """Return when an incident may be told: at once where a finding of it is final."""
        now = self._clock()
        since = self._since.setdefault(incident.uid, now)
        if self._wanted.provisional:
            return now
        final = {f.uid for f in incident.findings} - self._state.provisional()
        return now if final else since + SETTLE_SECONDS

    def _gone(self, change: Change, stored: StoredIncident, known: Told) -> Chosen:
        heir = stored.incident if stored.incident.uid != change.uid else None
        why = f"It went into another incident, {heir.uid}: {heir.title}" if heir else "It turned out to be nothing."
        last = replace(stored.incident, uid=change.uid, story=(why,), next_steps=(), severity=Severity(known.severity))
        return self._incident(
            change, replace(last, title=f"Closed: {why}"[:TITLE_LIMIT], findings=()), "closed", CLOSED
        )

    def _incident(self, change: Change, incident: Incident, status: str, activity: int) -> Chosen:
        known = self._memory.get(change.uid)
        severity = max(incident.severity, known.severity if known else 0)
        told = Told(severity, activity == CLOSED)
        return Chosen(
            change.number, incident, activity, STATUS_IDS.get(status, 1), f"{change.uid}.{severity}.{status}", told
        )

    # ------------------------------------------------------------------------------------------------------- findings

    def _of_finding(self, change: Change) -> Chosen | None:
        stored = self._state.finding(change.uid)
        if stored is None or stored.finding.uid != change.uid or stored.finding.severity < self._least:
            return None
        if stored.state != FINAL and not self._wanted.provisional:
            return None
        if stored.state == WITHDRAWN:
            return Chosen(change.number, stored.finding, CLOSED, STATUS_IDS["closed"])
        return Chosen(change.number, stored.finding, CREATED, STATUS_IDS["new"])
