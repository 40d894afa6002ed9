"""Which rules cannot hold, and why: of no log that is read, of none in some data, or for want of a field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from vedette.events.schema import EventClass
from vedette.intel.sigma.rule import Rule
from vedette.intel.sigma.rules import scenes
from vedette.intel.sigma.scene import CHANNEL, CODE, PROVIDER, Scene, Tables, tables
from vedette.intel.sigma.tree import Absent, Atom, Node, Not, Or, codes


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a rule cannot hold.

    Attributes:
        reason: in words.
        fields: the fields of the rule that the data lack.
    """

    rule: Rule
    reason: str
    fields: tuple[str, ...] = ()


UNREAD = "no source reads this log"
NOT_THERE = "the data hold no such events"
LACKING = "the data lack a field"


@dataclass(slots=True)
class Seen:
    """What some data hold: the kinds of events, and which columns have a value in each."""

    scenes: dict[Scene, set[str]] = field(default_factory=dict)
    events: int = 0

    def add(self, kind: EventClass, frame: pl.DataFrame) -> None:
        """Take a batch."""
        self.events += frame.height
        for scene, rows in scenes(kind, frame):
            part = frame if rows is None else frame[rows]
            filled = {s.name for s in part if s.null_count() < part.height}
            self.scenes.setdefault(scene, set()).update(filled)


def silent(rules: Iterable[Rule], seen: Seen | None = None) -> list[Silence]:
    """Return the rules that cannot hold of any event that we read or, with ``seen``, of the data."""
    known = tables()
    found = []
    for rule in rules:
        if not known.known(rule.logsource):
            found.append(Silence(rule, UNREAD))
        elif seen is not None and (why := _unseen(rule, seen, known)) is not None:
            found.append(why)
    return found


def _unseen(rule: Rule, seen: Seen, known: Tables) -> Silence | None:
    wanted = codes(rule.condition)
    lacks: list[set[str]] = []
    for scene, have in seen.scenes.items():
        if not known.concerns(rule.logsource, scene):
            continue
        if scene.windows and wanted is not None and scene.code not in wanted:
            continue
        missing: set[str] = set()
        if _possible(rule.condition, rule, (scene, have, known), missing) is not False:
            return None
        lacks.append(missing)
    if not lacks:
        return Silence(rule, NOT_THERE)
    fewest = sorted(lacks, key=len)[0]
    return Silence(rule, LACKING, tuple(sorted(fewest)))


def _possible(node: Node, rule: Rule, where: tuple[Scene, set[str], Tables], missing: set[str]) -> bool | None:
    """Return what a tree comes to where absent fields are absent; None: that depends on the values. Fill in what is missing."""
    if isinstance(node, bool):
        return node
    if isinstance(node, Atom):
        return _given(node, rule, where, missing)
    if isinstance(node, Not):
        inner = _possible(node.node, rule, where, set())
        return None if inner is None else not inner
    each = {_possible(n, rule, where, missing) for n in node.nodes}
    decisive = isinstance(node, Or)
    return decisive if decisive in each else None if None in each else not decisive


def _given(atom: Atom, rule: Rule, where: tuple[Scene, set[str], Tables], missing: set[str]) -> bool | None:
    scene, have, known = where
    if atom.field is None:
        return None
    columns = known.columns(atom.field, rule.logsource, scene)
    if any(c in have or c in _ALWAYS for c in columns):
        return None
    if not isinstance(atom.test, Absent):
        missing.add(atom.field)
    return isinstance(atom.test, Absent)


_ALWAYS = (CHANNEL, CODE, PROVIDER)
