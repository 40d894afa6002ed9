"""Playbooks: which incidents call for which plans, on what conditions, in which order. Data (YAML), read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from vedette.abc import Action, Detector
from vedette.errors import ContentError
from vedette.events.schema import SCHEMAS
from vedette.intel.attack import technique
from vedette.intel.content import content
from vedette.model import EntityKind, Incident, Severity
from vedette.plugins import discover
from vedette.response.conditions import Unit, When, has

FOLDER = "playbooks"
MOST_BYTES = 262_144
"""Of one playbook."""


class Match(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What an incident must be; what is not said is not asked.

    Attributes:
        techniques: any of these; a parent covers its sub-techniques.
        also: and any of these.
        detectors: an alert of any of these.
        entities: somebody or something of any of these kinds takes part.
        severity: at least; so are ``confidence`` and ``risk``.
    """

    techniques: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    entities: tuple[EntityKind, ...] = ()
    severity: Literal["informational", "low", "medium", "high", "critical"] = "medium"
    confidence: Unit = 0.0
    risk: Unit = 0.0

    def __call__(self, incident: Incident) -> bool:
        """Say whether the playbook is for this incident."""
        grave = incident.severity >= Severity[self.severity.upper()] and incident.risk >= self.risk
        sure = incident.confidence >= self.confidence
        kinds = {e.kind for e in (*incident.actors, *incident.targets)}
        there = not self.entities or not kinds.isdisjoint(self.entities)
        return grave and sure and there and self._seen(incident)

    def _seen(self, incident: Incident) -> bool:
        alerts = {f.detector for f in incident.findings if f.alert}
        asked = (self.techniques, self.also)
        by = not self.detectors or not alerts.isdisjoint(self.detectors)
        return by and all(has(incident.techniques, wanted) for wanted in asked)


class Step(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which action, on whom, on what conditions, and at most how often for one incident.

    Attributes:
        whom: the incident's actors; its targets; ``incident``: the first of them, once; ``evidence``: what ``column`` of its events names.
        kinds: of those, these kinds; by default what the action acts on. One kind where ``whom`` is ``evidence``.
        tier: the most that is done: the settings may be stricter, never laxer.
    """

    action: str
    whom: Literal["actors", "targets", "incident", "evidence"]
    kinds: tuple[EntityKind, ...] = ()
    column: str = ""
    when: When = When()
    tier: Literal["suggest", "approve", "autonomous", ""] = ""
    most: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10


class Playbook(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One file of ``content/playbooks/``, or of a folder of the site's own."""

    name: str
    goal: str
    match: Match
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]


def load(path: Path) -> Playbook:
    """Read one playbook.

    Raises:
        ContentError: it is not YAML, or not a playbook; names file and line.
    """
    import yaml

    tree = None
    try:
        text = _text(path)
        tree = yaml.compose(text, yaml.SafeLoader)
        book = msgspec.convert(yaml.safe_load(text), Playbook, strict=True)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise _invalid(path, message, _line(tree, message, place)) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _invalid(path, error.problem or "not YAML", line) from error
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as error:  # no text, a date that is none, no such file
        raise _invalid(path, str(error), 1) from error
    for message, place in _faults(book):
        raise _invalid(path, message, _line(tree, "", place))
    return book


def playbooks(folders: Iterable[Path] = (), without: Sequence[str] = ()) -> list[Playbook]:
    """Return the playbooks that come with Vedette and those of ``folders``, in the order of file names.

    A playbook of a folder takes the place of one with the same name.

    Raises:
        ContentError: one is not valid; a folder is none; a name in ``without`` is no playbook's.
    """
    found: dict[str, Playbook] = {}
    for folder in (content(FOLDER), *folders):
        if not folder.is_dir():
            raise ContentError(f"no such folder of playbooks: {str(folder)!r}", where="response.playbooks")
        found |= {book.name: book for book in map(load, sorted(folder.glob("*.yaml")))}
    if unknown := [name for name in without if name not in found]:
        hint = f"there are {', '.join(found)}"
        raise ContentError(f"no such playbook: {unknown[0]!r}", where="response.without_playbooks", hint=hint)
    return [book for name, book in found.items() if name not in without]


def _text(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"longer than {MOST_BYTES:,} bytes")
    return data.decode("utf-8")


def _faults(book: Playbook) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the words of a playbook, each with its place."""
    yield from _unknown_names(book.match, "$.match")
    actions = discover(Action)
    for number, step in enumerate(book.steps):
        at = f"$.steps[{number}]"
        if step.action not in actions:
            yield f"no such action: {step.action!r}; there are {', '.join(actions)}", f"{at}.action"
            return
        foreign = [kind.name.lower() for kind in step.kinds if kind not in actions[step.action].targets]
        if foreign:
            yield f"{step.action} does not act on: {foreign[0]}", f"{at}.kinds"
        yield from _unknown_names(step.when, f"{at}.when")
        yield from _evidence_faults(step, at)


def _evidence_faults(step: Step, at: str) -> Iterator[tuple[str, str]]:
    if (step.whom == "evidence") != bool(step.column):
        yield "`column` stands with `whom: evidence`, and nowhere else", f"{at}.whom"
    elif step.column and len(step.kinds) != 1:
        yield "`whom: evidence` names one kind", f"{at}.kinds"
    elif step.column and not any(step.column in schema for schema in SCHEMAS.values()):
        yield f"no such column: {step.column!r}", f"{at}.column"


def _unknown_names(asked: Match | When, at: str) -> Iterator[tuple[str, str]]:
    for field in ("techniques", "also"):
        unknown = [t for t in getattr(asked, field, ()) if technique(t) is None]
        if unknown:
            yield f"no such ATT&CK technique: {unknown[0]}", f"{at}.{field}"
    if asked.detectors:
        missing = [d for d in asked.detectors if d not in discover(Detector)]
        if missing:
            yield f"no such detector: {missing[0]!r}", f"{at}.detectors"


def _invalid(path: Path, message: str, line: int) -> ContentError:
    return ContentError(
        f"not a valid playbook: {message}", where=f"{path}:{line}", hint="docs/reference/playbooks.md lists every key"
    )


def _line(tree: Any, message: str, place: str) -> int:  # noqa: ANN401 - a node of the YAML library
    """Return the line, from 1, of a place such as ``$.steps[0].whom`` in a YAML tree; as near as it can be found."""
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
