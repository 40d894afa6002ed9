"""The rules that may hold in a scene, made ready: fields are columns, what the scene decides is decided.

Most rules cannot hold of most batches. Each has a small set of *leaves* (tests of one column) of which one must hold for the rule to hold
at all; a rule is looked at only where one of these was found. Then its tree is walked with the fewest rows that can hold, child by child.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from vedette.intel.sigma.cells import Cells, Mask, Rows, all_text, text_of
from vedette.intel.sigma.literals import Ids, Literals
from vedette.intel.sigma.rule import Logsource, Rule
from vedette.intel.sigma.scene import CHANNEL, CODE, PROVIDER, Scene, Tables
from vedette.intel.sigma.tree import (
    Absent,
    And,
    Atom,
    Node,
    Not,
    Or,
    Present,
    SameAs,
    Test,
    Text,
    Wild,
    both,
    either,
    negated,
)
from vedette.intel.sigma.values import asked

Columns = tuple[str, ...]
"""Where a field may stand; empty: anywhere (a keyword)."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """Tests of one column of which one must hold; ``number`` counts the leaves of a plan."""

    number: int
    columns: Columns
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A test of one column that no literal decides: asked of the values of those rows alone that still matter."""

    number: int
    columns: Columns
    test: Test
    other: Columns = ()


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Every step holds."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any:
    """A step holds."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class No:
    """The step does not hold."""

    step: Step


Step = Leaf | Asked | All | Any | No | bool


@dataclass(slots=True)
class _Column:
    texts: dict[int, Text] = field(default_factory=dict)
    literals: Literals | None = None

    def ready(self) -> Literals:
        """Return the automaton, made at the first batch that needs it."""
        if self.literals is None:
            self.literals = Literals(self.texts)
        return self.literals


class Plan:
    """The rules of a scene.

    Args:
        scene: what the rows have in common.
        rules: all rules that concern it, by number.
        tables: where fields stand.
    """

    def __init__(self, scene: Scene, rules: Mapping[int, Rule], tables: Tables) -> None:
        self._scene, self._tables = scene, tables
        self._columns: dict[Columns, _Column] = {}
        self._atoms: dict[tuple[Columns, Text], int] = {}
        self._leaves: dict[tuple[Columns, tuple[int, ...]], Leaf] = {}
        self._asked: dict[tuple[Columns, Test, Columns], Asked] = {}
        self._leaves_of: dict[int, list[int]] = {}
        self._where: dict[tuple[str, Logsource], Columns] = {}
        self._steps: dict[int, Step] = {}
        self._always: list[int] = []
        self._rules_of: dict[int, list[int]] = {}
        for number, rule in rules.items():
            self._add(number, rule)
        for leaf in self._leaves.values():
            for atom in leaf.atoms:
                self._leaves_of.setdefault(atom, []).append(leaf.number)

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def columns(self) -> list[str] | None:
        """The columns that are looked at; None: all of them, as a rule has keywords."""
        return None if () in self._columns else sorted({c for columns in self._columns for c in columns})

    def match(self, frame: pl.DataFrame) -> dict[int, Rows]:
        """Return, per rule that holds of any row, the rows (their numbers, in order)."""
        if not self._steps or not frame.height:
            return {}
        look = _Look(frame, self._columns)
        live = {leaf for atom in look.live for leaf in self._leaves_of[atom]}
        wanted = {rule for leaf in live for rule in self._rules_of.get(leaf, ())}.union(self._always)
        everything = np.arange(frame.height, dtype=np.int64)
        found: dict[int, Rows] = {}
        for number in sorted(wanted):
            step = self._steps[number]
            if look.at_most(step) and len(rows := everything[look.holds(step, everything)]):
                found[number] = rows
        return found

    def _add(self, number: int, rule: Rule) -> None:
        extra = self._tables.condition(rule.logsource, self._scene)
        also = [either(*(Atom(f, Text((v,))) for v in values)) for f, values in extra.items()]
        node = self._resolved(both(*also, rule.condition), rule)
        step = self._step(node, rule)
        if step is False:
            return
        self._steps[number] = step
        needed = _needed(step)
        if needed is None:
            self._always.append(number)
        for leaf in needed or ():
            self._rules_of.setdefault(leaf, []).append(number)

    def _resolved(self, node: Node, rule: Rule) -> Node:
        """Return a tree without the atoms that the scene decides."""
        if isinstance(node, Atom):
            return self._decided(node, rule)
        if isinstance(node, And):
            done: list[Node] = []
            for inner in sorted(node.nodes, key=_cheap):
                done.append(self._resolved(inner, rule))
                if done[-1] is False:
                    return False
            return both(*done)
        if isinstance(node, Or):
            return either(*(self._resolved(n, rule) for n in node.nodes))
        return negated(self._resolved(node.node, rule)) if isinstance(node, Not) else node

    def _decided(self, atom: Atom, rule: Rule) -> Node:
        if atom.field is None:
            return atom
        columns = self._field(atom.field, rule)
        if not columns:
            return isinstance(atom.test, Absent)
        if self._scene.windows and columns[0] in _CONSTANT:
            return _holds_of(getattr(self._scene, _CONSTANT[columns[0]]), atom.test, atom)
        return atom

    def _field(self, name: str, rule: Rule) -> Columns:
        key = name, rule.logsource
        if key not in self._where:
            self._where[key] = self._tables.columns(name, rule.logsource, self._scene)
        return self._where[key]

    def _step(self, node: Node, rule: Rule) -> Step:
        if isinstance(node, bool):
            return node
        if isinstance(node, Atom):
            return self._tested(node, rule)
        if isinstance(node, Not):
            return No(self._step(node.node, rule))
        steps = [self._step(n, rule) for n in node.nodes]
        if isinstance(node, And):
            return All(tuple(steps))
        return self._joined(steps)

    def _joined(self, steps: Sequence[Step]) -> Step:
        """Return an alternative in which the literals of one column are one leaf."""
        atoms: dict[Columns, list[int]] = {}
        others: list[Step] = []
        for step in steps:
            if isinstance(step, Leaf):
                atoms.setdefault(step.columns, []).extend(step.atoms)
            else:
                others.append(step)
        joined: list[Step] = [self._leaf(columns, tuple(sorted(set(ids)))) for columns, ids in atoms.items()]
        joined += others
        return joined[0] if len(joined) == 1 else Any(tuple(joined))

    def _tested(self, atom: Atom, rule: Rule) -> Step:
        columns = () if atom.field is None else self._field(atom.field, rule)
        column = self._columns.setdefault(columns, _Column())
        test = Text((Wild.MANY,)) if isinstance(atom.test, Present) else atom.test
        if isinstance(test, Text):
            number = self._atoms.setdefault((columns, test), len(self._atoms))
            column.texts[number] = test
            return self._leaf(columns, (number,))
        other: Columns = ()
        if isinstance(test, SameAs):
            other = self._field(test.field, rule)
            self._columns.setdefault(other, _Column())
        key = (columns, test, other)
        return self._asked.setdefault(key, Asked(len(self._asked), columns, test, other))

    def _leaf(self, columns: Columns, atoms: tuple[int, ...]) -> Leaf:
        return self._leaves.setdefault((columns, atoms), Leaf(len(self._leaves), columns, atoms))


_CONSTANT = {CODE: "code", CHANNEL: "channel", PROVIDER: "provider"}


def _cheap(node: Node) -> int:
    """Return what is decided first: a field of the scene may end it all."""
    return 0 if isinstance(node, Atom) and node.field in ("EventID", "Channel", "Provider_Name") else 1


def _holds_of(value: str, test: Test, atom: Atom) -> Node:
    if isinstance(test, (Present, Absent)):
        return isinstance(test, Present) is bool(value)
    if isinstance(test, SameAs):
        return atom
    return asked(test, [value])[0]


def _needed(step: Step) -> frozenset[int] | None:
    """Return leaves one of which must hold for a step to hold; None where there are none such."""
    if isinstance(step, Leaf):
        return frozenset((step.number,))
    if isinstance(step, All):
        sets = [s for s in map(_needed, step.steps) if s is not None]
        return min(sets, key=len, default=None)
    if isinstance(step, Any):
        parts = [_needed(s) for s in step.steps]
        return None if any(p is None for p in parts) else frozenset().union(*(p for p in parts if p is not None))
    return None


class _Look:
    """One look at some rows: the cells of their columns, and what is known of each test by now."""

    def __init__(self, frame: pl.DataFrame, columns: Mapping[Columns, _Column]) -> None:
        self._frame = frame
        self._cells: dict[Columns, Cells] = {}
        self._found: dict[int, Ids] = {}
        self._masks: dict[int, tuple[Mask, int]] = {}
        self._tested: dict[int, tuple[Mask, Mask]] = {}
        for where, column in columns.items():
            if column.texts:
                cells = self._column(where)
                self._found |= column.ready().found(cells.values, cells.lowered)

    @property
    def live(self) -> Iterable[int]:
        """The literal tests that hold of any row."""
        return self._found.keys()

    def _column(self, columns: Columns) -> Cells:
        if columns not in self._cells:
            texts = text_of(self._frame, columns) if columns else all_text(self._frame)
            self._cells[columns] = Cells(texts)
        return self._cells[columns]

    def _mask(self, leaf: Leaf) -> tuple[Mask, int]:
        """Return which values pass a leaf, and how many rows have them."""
        known = self._masks.get(leaf.number)
        if known is None:
            cells = self._column(leaf.columns)
            mask: Mask = np.zeros(len(cells.counts), dtype=np.bool_)
            for atom in leaf.atoms:
                if atom in self._found:
                    mask[self._found[atom]] = True
            known = self._masks[leaf.number] = mask, int(cells.counts[mask].sum())
        return known

    def at_most(self, step: Step) -> int:
        """Return how many rows a step can hold of, at most."""
        if isinstance(step, Leaf):
            return self._mask(step)[1]
        if isinstance(step, All):
            least = self._frame.height
            for inner in step.steps:
                least = min(least, self.at_most(inner))
                if not least:
                    return 0
            return least
        if isinstance(step, Any):
            return min(self._frame.height, sum(self.at_most(s) for s in step.steps))
        return 0 if step is False else self._frame.height

    def holds(self, step: Step, rows: Rows) -> Mask:
        """Return of which of ``rows`` a step holds."""
        if isinstance(step, bool):
            return np.full(len(rows), step)
        if isinstance(step, Leaf):
            return self._mask(step)[0][self._column(step.columns).codes[rows]]
        if isinstance(step, Asked):
            return self._same(step, rows) if isinstance(step.test, SameAs) else self._asks(step, rows)
        if isinstance(step, No):
            return ~self.holds(step.step, rows)
        return self._all(step, rows) if isinstance(step, All) else self._any(step, rows)

    def _all(self, step: All, rows: Rows) -> Mask:
        left = np.arange(len(rows))
        for inner in sorted(step.steps, key=self._cost):
            left = left[self.holds(inner, rows[left])]
            if not len(left):
                break
        return _at(left, len(rows))

    def _any(self, step: Any, rows: Rows) -> Mask:
        held: Mask = np.zeros(len(rows), dtype=np.bool_)
        for inner in sorted(step.steps, key=self._cost):
            if self.at_most(inner):
                open_ = np.flatnonzero(~held)
                held[open_] = self.holds(inner, rows[open_])
        return held

    def _cost(self, step: Step) -> tuple[bool, int]:
        return isinstance(step, Asked), self.at_most(step)

    def _asks(self, step: Asked, rows: Rows) -> Mask:
        """Ask the values of these rows, each once."""
        cells = self._column(step.columns)
        end = len(cells.values)
        if step.number not in self._tested:
            known: Mask = np.zeros(end + 1, dtype=np.bool_)
            passed: Mask = np.zeros(end + 1, dtype=np.bool_)
            known[end], passed[end] = True, isinstance(step.test, Absent)
            self._tested[step.number] = known, passed
        known, passed = self._tested[step.number]
        codes = cells.codes[rows]
        if not isinstance(step.test, Absent):
            new = np.unique(codes[~known[codes]])
            passed[new] = asked(step.test, [cells.values[i] for i in new.tolist()]) if len(new) else False
            known[new] = True
        return passed[codes]

    def _same(self, step: Asked, rows: Rows) -> Mask:
        """Compare two columns, each pair of values once."""
        own, other = self._column(step.columns), self._column(step.other)
        pairs, back = np.unique(np.stack([own.codes[rows], other.codes[rows]]), axis=1, return_inverse=True)
        assert isinstance(step.test, SameAs)  # noqa: S101 - for the reader of types
        alike = _likeness(step.test)
        held = [
            a < len(own.values) and b < len(other.values) and alike(own.lowered[a], other.lowered[b])
            for a, b in pairs.T.tolist()
        ]
        return np.asarray(held, dtype=np.bool_)[back.reshape(-1)]


def _likeness(test: SameAs) -> Callable[[str, str], bool]:
    if test.starts and test.ends:
        return lambda a, b: b in a
    if test.starts:
        return str.startswith
    return str.endswith if test.ends else str.__eq__


def _at(places: Rows, n: int) -> Mask:
    mask: Mask = np.zeros(n, dtype=np.bool_)
    mask[places] = True
    return mask
