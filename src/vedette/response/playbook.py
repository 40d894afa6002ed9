"""Playbooks: which incidents call for which plans. Data (YAML), read strictly; what they give are proposals.

A plan carries what speaks against it, because the guard, and the person who decides, should see that first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from vedette.abc import Action
from vedette.errors import ContentError, Refused
from vedette.events.address import parsed
from vedette.intel.attack import technique
from vedette.intel.content import content
from vedette.model import Entity, EntityKind, Incident, Plan, Severity
from vedette.plugins import discover

FOLDER = "playbooks"
SPOOFABLE = ("T1498", "T1499.001")
"""Floods whose packets need no answer, so their sources may be forged (RFC 4987, RFC 2827)."""
REFLECTED = "T1498.002"
"""Reflection: the sources are abused servers."""

CROWD = 8
"""From so many sources on, which may be but a sample, they are not stopped one by one."""

OURS = "{target} {what}: talk to its owner before anything is cut off."
REFLECTION = "{target} is an abused server, not the attacker; blocking it also cuts its honest use."
FORGERY = "{target} may be forged: nothing in this flood needs an answer, and blocking it may hurt somebody else."
VICTIM = "{target} is a victim here as well: clean it rather than only cut it off."
ALONE = "Only one kind of analytic says so; a second one, or a person, should confirm it."
DROP_IN_THE_SEA = "Many sources take part; blocking single ones will not stop it."

Network = IPv4Network | IPv6Network
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Match(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What an incident must be: at least so grave and so sure, with any of these techniques (none named: any)."""

    entities: tuple[EntityKind, ...]
    techniques: tuple[str, ...] = ()
    severity: Literal["informational", "low", "medium", "high", "critical"] = "medium"
    confidence: Unit = 0.0

    def __call__(self, incident: Incident) -> bool:
        """Say whether the playbook is for this incident."""
        grave = incident.severity >= Severity[self.severity.upper()]
        return grave and incident.confidence >= self.confidence and self._technique(incident)

    def _technique(self, incident: Incident) -> bool:
        have = {prefix for t in incident.techniques for prefix in (t, t.partition(".")[0])}
        return not self.techniques or not have.isdisjoint(self.techniques)


class Proposal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which action, on whom, and at most how often for one incident."""

    action: str
    whom: Literal["actors", "targets"]
    most: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class Playbook(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One file of ``content/playbooks/``."""

    name: str
    goal: str
    match: Match
    propose: tuple[Proposal, ...]


def load(path: Path) -> Playbook:
    """Read one playbook.

    Raises:
        ContentError: it is not YAML, or not a playbook; names file and line.
    """
    import yaml

    tree = None
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, yaml.SafeLoader)
        book = msgspec.convert(yaml.safe_load(text), Playbook, strict=True)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise _invalid(path, message, _line(tree, message, place)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _invalid(path, error.problem or "not YAML", line) from error
    except (yaml.YAMLError, ValueError, OSError) as error:  # bytes that are no text, a date that is none, no such file
        raise _invalid(path, str(error), 1) from error
    unknown = [t for t in book.match.techniques if technique(t) is None]
    if unknown:
        raise _invalid(path, f"no such ATT&CK technique: {unknown[0]}", _line(tree, "", "$.match.techniques"))
    return book


def playbooks(folder: Path | None = None) -> list[Playbook]:
    """Return the playbooks of a folder, by default those that come with Vedette, in the order of file names."""
    return [load(path) for path in sorted((folder or content(FOLDER)).glob("*.yaml"))]


def propose(
    incidents: Iterable[Incident],
    internal_networks: Sequence[Network] = (),
    protected_networks: Sequence[Network] = (),
    books: Sequence[Playbook] | None = None,
) -> dict[str, list[Plan]]:
    """Return the plans for each incident that has any, by its uid.

    Raises:
        ContentError: a playbook names an action that does not exist.
    """
    chosen = playbooks() if books is None else books
    actions = {name: action() for name, action in discover(Action).items()}
    ours = (("is inside your network", internal_networks), ("is protected", protected_networks))
    plans = {}
    for incident in incidents:
        found = [p for book in chosen if book.match(incident) for p in _plans(book, incident, actions)]
        if found:
            plans[incident.uid] = [replace(p, objections=_objections(p, incident, ours)) for p in found]
    return plans


def _plans(book: Playbook, incident: Incident, actions: Mapping[str, Action]) -> list[Plan]:
    found: list[Plan] = []
    for proposal in book.propose:
        if proposal.action not in actions:
            raise ContentError(
                f"no such action: {proposal.action!r}",
                where=f"playbook {book.name}",
                hint=f"one of {', '.join(actions)}",
            )
        everybody = incident.actors if proposal.whom == "actors" else incident.targets
        able = [e for e in everybody if e.kind in book.match.entities]
        found += _planned(actions[proposal.action], incident, able, proposal)
    return found


def _planned(action: Action, incident: Incident, targets: Iterable[Entity], proposal: Proposal) -> list[Plan]:
    """Return at most ``proposal.most`` plans; targets that the action refuses are passed over."""
    plans: list[Plan] = []
    for target in targets:
        if len(plans) == proposal.most:
            break
        try:
            plans.append(action.plan(incident, target))
        except Refused:
            continue
    return plans


def _objections(plan: Plan, incident: Incident, ours: Iterable[tuple[str, Sequence[Network]]]) -> tuple[str, ...]:
    """Return what speaks against a plan, gravest first."""
    target = plan.target
    alerts = [f for f in incident.findings if f.alert]
    parts = [f for f in alerts if target in f.actors] or alerts
    fakes = [f for f in parts if any(t.startswith(SPOOFABLE) for t in f.techniques)]
    found = [
        (REFLECTED in {t for f in parts for t in f.techniques}, REFLECTION.format(target=target)),
        (len(fakes) == len(parts), FORGERY.format(target=target)),
        (target in incident.targets, VICTIM.format(target=target)),
        (len({f.analytic for f in parts}) == 1, ALONE),
        (sum(a.kind is target.kind for a in incident.actors) >= CROWD, DROP_IN_THE_SEA),
    ]
    inside = [OURS.format(target=target, what=what) for what, networks in ours if _within(target, networks)]
    return (*reversed(inside), *(text for holds, text in found if holds))


def _within(target: Entity, networks: Sequence[Network]) -> bool:
    address = parsed(target.value)
    return address is not None and any(address in network for network in networks)


def _invalid(path: Path, message: str, line: int) -> ContentError:
    return ContentError(
        f"not a valid playbook: {message}", where=f"{path}:{line}", hint="docs/reference/playbooks.md lists every key"
    )


def _line(tree: Any, message: str, place: str) -> int:  # noqa: ANN401 - a node of the YAML library
    """Return the line, from 1, of a place such as ``$.propose[0].whom`` in a YAML tree; as near as it can be found."""
    steps = re.findall(r"\.(\w+)|\[(\d+)\]", place) + re.findall(r"unknown field `(\w+)`()", message)
    line, node = 1, tree
    for key, index in steps:
        pairs = node.value if node is not None and isinstance(node.value, list) else []
        if index:
            node = next(iter(pairs[int(index) :]), None)
            line = node.start_mark.line + 1 if node is not None else line
            continue
        found = [pair for pair in pairs if isinstance(pair, tuple) and pair[0].value == key]
        line, node = (found[0][0].start_mark.line + 1, found[0][1]) if found else (line, None)
    return line
