"""Which changes of the store a sink is told of.

An incident is told once it has settled, again when its severity rises, and when it is closed or turns out to be part of another that was
told; not at each small change. While it grows, its uid may change in the store: a sink goes on calling it as it did first, and whoever asks
the store for that uid finds what it became. A finding is told when it is final, or every minute while it changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from vedette.abc import Wanted
from vedette.model import Finding, Incident, Severity
from vedette.store.state.state import State
from vedette.store.state.stored import FINAL, PROVISIONAL, WITHDRAWN, Change, StoredIncident

SETTLE_SECONDS = 60.0
"""An incident without a final finding is told when it is so old; a finding that changes is told no sooner again."""
TITLE_LIMIT = 200
MOST_REMEMBERED = 2_000
"""Incidents that a sink was told of, the last ones: later changes of older ones are told as if they were new."""
CREATED, UPDATED, CLOSED = 1, 2, 3
"""OCSF ``activity_id`` of findings."""
STATUS_IDS = {"new": 1, "in_progress": 2, "closed": 5}
"""Status of an incident -> OCSF ``status_id``."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sink knows of an incident.

    Attributes:
        severity: the highest that it was told.
        closed: it was told that the incident is closed.
        called: the uid that it was told; empty: that which the incident has.
    """

    severity: int
    closed: bool
    called: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Something to be told.

    Attributes:
        number: of its change.
        thing: the incident or finding.
        activity, status: what happened to it: OCSF ``activity_id`` and ``status_id``.
        key: of an incident, the key of its message; a finding has its own by what is said.
        uid: of an incident, as the store has it; ``told``: what the sink knows of it afterwards.
    """

    number: int
    thing: Incident | Finding
    activity: int
    status: int
    key: str = ""
    uid: str = ""
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
        self._changed = False

    def get(self, uid: str) -> Told | None:
        """Return what the sink knows of an incident."""
        return self._told.get(uid)

    def put(self, uid: str, told: Told) -> None:
        """Remember it; ``save`` makes it last."""
        self._told.pop(uid, None)
        self._told[uid] = told
        self._changed = True
        while len(self._told) > MOST_REMEMBERED:
            del self._told[next(iter(self._told))]

    def hand_on(self, uid: str, heir: str) -> None:
        """Remember an incident by the uid of the one that it went into."""
        told = self._told.pop(uid)
        self.put(heir, replace(told, called=told.called or uid))

    def save(self) -> None:
        """Keep it in the store, if it changed."""
        if self._changed:
            self._state.set_value(self._key, msgspec.json.encode(self._told).decode())
            self._changed = False


class Choice:
    """Decides for one sink what a change of the store means. Of changes that are known at once, those of what is gone come first.

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
        self._paced: dict[str, float] = {}
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
            return self._of_gone(change, stored, known)
        closed = stored.status == "closed"
        activity = self._activity(stored.incident.severity, closed, known)
        if activity == CREATED and not closed and (due := self._settles(stored.incident)) > self._clock():
            return Later(due)
        self._since.pop(change.uid, None)
        return self._incident(change, stored.incident, stored.status, activity) if activity else None

    def _of_gone(self, change: Change, stored: StoredIncident, known: Told | None) -> Chosen | None:
        """Return that an incident is over, if the sink knows it and does not know what it became."""
        heir = "" if stored.gone else stored.incident.uid
        since = self._since.pop(change.uid, None)
        if heir and since is not None:
            self._since[heir] = min(since, self._since.get(heir, since))
        if known is None or known.closed:
            return None
        if heir and self._memory.get(heir) is None:
            self._memory.hand_on(change.uid, heir)
            return None
        return self._gone(change, stored, known)

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
        heir = None if stored.gone else stored.incident
        of_heir = self._memory.get(heir.uid) if heir else None
        called = (of_heir.called if of_heir else "") or (heir.uid if heir else "")
        why = f"It went into another incident, {called}: {heir.title}" if heir else "It turned out to be nothing."
        last = replace(stored.incident, story=(why,), next_steps=(), severity=Severity(known.severity), findings=())
        return self._incident(change, replace(last, title=f"Closed: {why}"[:TITLE_LIMIT]), "closed", CLOSED)

    def _incident(self, change: Change, incident: Incident, status: str, activity: int) -> Chosen:
        known = self._memory.get(change.uid)
        severity = max(incident.severity, known.severity if known else 0)
        called = (known.called if known else "") or change.uid
        return Chosen(
            number=change.number,
            thing=replace(incident, uid=called),
            activity=activity,
            status=STATUS_IDS.get(status, 1),
            key=f"{called}.{severity}.{status}",
            uid=change.uid,
            told=Told(severity, activity == CLOSED, known.called if known else ""),
        )

    # ------------------------------------------------------------------------------------------------------- findings

    def _of_finding(self, change: Change) -> Chosen | Later | None:
        stored = self._state.finding(change.uid)
        if stored is None or stored.finding.uid != change.uid or stored.finding.severity < self._least:
            return None
        if stored.state != FINAL and not self._wanted.provisional:
            return None
        if stored.state == PROVISIONAL and (due := self._pace(change.uid)) > self._clock():
            return Later(due)
        if stored.state == WITHDRAWN:
            return Chosen(change.number, stored.finding, CLOSED, STATUS_IDS["closed"])
        return Chosen(change.number, stored.finding, CREATED, STATUS_IDS["new"])

    def _pace(self, uid: str) -> float:
        """Return when a finding that may still change may be told again: it changes with every look."""
        now, last = self._clock(), self._paced.get(uid)
        if last is not None and last + SETTLE_SECONDS > now:
            return last + SETTLE_SECONDS
        self._paced.pop(uid, None)
        self._paced[uid] = now
        while len(self._paced) > MOST_REMEMBERED:
            del self._paced[next(iter(self._paced))]
        return now
