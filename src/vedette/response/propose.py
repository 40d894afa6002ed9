"""From incidents to plans: playbooks, applied. What they give are proposals, in the order of the playbooks and their steps.

A plan carries what speaks against it, because the guard, and the person who decides, should see that first. There is no plan for an action
that is not ready, in mode *observe*, or for a target that is protected: it could never be carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.config import Config, Mode
from vedette.errors import ContentError, Refused
from vedette.model import Entity, EntityKind, Finding, Incident, Plan
from vedette.response.conditions import Case, place
from vedette.response.guard import Guard
from vedette.response.playbook import Playbook, Step, playbooks

CROWD = 8
"""From so many sources on, which may be but a sample, they are not stopped one by one."""
MOST_ROWS = 100
"""Events that one plan is made from."""

INSIDE = "{target} is inside your network: talk to its owner before anything is cut off."
REFLECTION = "{target} is an abused server, not the attacker; blocking it also cuts its honest use."
FORGERY = "{target} may be forged: nothing in this flood needs an answer, and blocking it may hurt somebody else."
VICTIM = "{target} is a victim here as well: clean it rather than only cut it off."
ALONE = "Only one kind of analytic says so; a second one, or a person, should confirm it."
DROP_IN_THE_SEA = "Many sources take part; blocking single ones will not stop it."

Samples = Mapping[str, Sequence[Mapping[str, Any]]]
"""Per finding uid a sample of its events: attribute path -> value."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A target, the events that name it, and the alerts about it."""

    target: Entity
    rows: Rows = ()
    alerts: tuple[Finding, ...] = ()


class Proposer:
    """Makes the plans for incidents.

    Args:
        config: the settings.
        actions: by name, with their settings: ``equipped(config)``.
        books: the playbooks; by default those that come with Vedette and those that the settings name.
        own: addresses whose loss would cut us off -> what they are to us.

    Raises:
        ContentError: a playbook is not valid, or names an action that does not exist.
    """

    def __init__(
        self,
        config: Config,
        actions: Mapping[str, Action],
        books: Sequence[Playbook] | None = None,
        own: Mapping[str, str] | None = None,
    ) -> None:
        response = config.response
        self.config = config
        self._actions = actions
        self._books = playbooks(map(Path, response.playbooks), response.without_playbooks) if books is None else books
        self._guard = Guard(config, own or {})
        self._ready = {name for name, action in actions.items() if not action.ready()}
        self._check()

    def __call__(self, incident: Incident, evidence: Samples | None = None) -> list[Plan]:
        """Return the plans for an incident, in order; none twice. Pure."""
        plans: dict[tuple[object, ...], Plan] = {}
        for book in self._books:
            for step in book.steps if book.match(incident) else ():
                for plan in self._plans(step, incident, evidence or {}):
                    key = (plan.action, plan.target, *sorted(plan.parameters.items()))
                    plans[key] = _stricter(plans.get(key, plan), plan)
        return list(plans.values())

    def all(self, incidents: Iterable[Incident], evidence: Samples | None = None) -> dict[str, list[Plan]]:
        """Return the plans for each incident that has any, by its uid."""
        found = {incident.uid: self(incident, evidence) for incident in incidents}
        return {uid: plans for uid, plans in found.items() if plans}

    def _check(self) -> None:
        for book in self._books:
            unknown = [step.action for step in book.steps if step.action not in self._actions]
            if unknown:
                raise ContentError(
                    f"no such action: {unknown[0]!r}",
                    where=f"playbook {book.name}",
                    hint=f"one of {', '.join(self._actions)}",
                )

    def _plans(self, step: Step, incident: Incident, evidence: Samples) -> Iterator[Plan]:
        """Yield at most ``step.most`` plans; targets that the action refuses are passed over."""
        action, made = self._actions[step.action], 0
        if step.action not in self._ready:
            return
        for found in _targets(step, action, incident, evidence):
            plan = self._plan(step, action, incident, found)
            if plan is not None:
                yield plan
                made += 1
            if made == (1 if step.whom == "incident" else step.most):
                return

    def _plan(self, step: Step, action: Action, incident: Incident, found: _Found) -> Plan | None:
        names = (*self.config.response.protected, *self.config.privacy.domains)
        where = place(found.target, self.config.network.internal, names)
        case = Case(incident, found.target, found.alerts, where)
        if not step.when(case):
            return None
        try:
            plan = replace(action.plan(incident, found.target, found.rows), tier=step.tier)
        except Refused:
            return None
        if self._guard.kept_from(type(action), plan) or self._guard.mode(type(action), plan) is Mode.OBSERVE:
            return None
        return replace(plan, objections=_objections(step, action, case))


def _targets(step: Step, action: Action, incident: Incident, evidence: Samples) -> Iterator[_Found]:
    """Yield on whom a step acts, each once, with the events and the alerts about them."""
    alerts = tuple(f for f in incident.findings if f.alert)
    if step.whom == "evidence":
        yield from _named_by(step.column, step.kinds[0], alerts, evidence)
        return
    kinds = step.kinds or action.targets
    everybody = {
        "actors": incident.actors,
        "targets": incident.targets,
        "incident": (*incident.actors, *incident.targets),
    }[step.whom]
    for entity in everybody:
        if entity.kind in kinds:
            about = tuple(
                f for f in alerts if entity in (f.actors if step.whom == "actors" else (*f.actors, *f.targets))
            )
            rows = [row for f in about for row in evidence.get(f.uid, ())]
            yield _Found(entity, rows[:MOST_ROWS], about or alerts)


def _named_by(column: str, kind: EntityKind, alerts: Iterable[Finding], evidence: Samples) -> Iterator[_Found]:
    """Yield what a column of the events names, in order of first sight."""
    found: dict[str, tuple[list[Mapping[str, Any]], list[Finding]]] = {}
    for finding in alerts:
        for row in evidence.get(finding.uid, ()):
            value = row.get(column)
            for word in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(word, str) and word:
                    rows, about = found.setdefault(word, ([], []))
                    rows.append(row)
                    about += [] if finding in about else [finding]
    for word, (rows, about) in found.items():
        yield _Found(Entity(kind, word), rows[:MOST_ROWS], tuple(about))


def _stricter(one: Plan, other: Plan) -> Plan:
    """Return the first of two plans for the same, with the stricter tier of both."""
    tiers = [plan.tier for plan in (one, other) if plan.tier]
    return replace(one, tier=min(tiers, key=lambda t: list(Mode).index(Mode(t)), default=""))


def _objections(step: Step, action: Action, case: Case) -> tuple[str, ...]:
    """Return what speaks against acting on a target, gravest first; what the playbook asked for is no objection."""
    if not action.disruptive:
        return ()
    target, address = case.target, case.target.kind is EntityKind.ADDRESS
    unasked = step.when.place != "inside"
    found = (
        (address and unasked and case.place == "inside", INSIDE),
        (address and case.reflected, REFLECTION),
        (address and case.forgeable, FORGERY),
        (unasked and step.whom == "actors" and target in case.incident.targets, VICTIM),
        (case.kinds == 1, ALONE),
        (address and case.crowd >= CROWD, DROP_IN_THE_SEA),
    )
    return tuple(text.format(target=target) for holds, text in found if holds)
