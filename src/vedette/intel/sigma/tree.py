"""A condition as a tree: ``And``, ``Or``, ``Not`` over atoms, each of which is one test of one field.

Semantics are those of the Sigma specification 2: text compares without case unless ``cased``; a field that is absent passes no test but
``Absent``; ``not`` is plain negation, so that a filter on an absent field filters nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar


class Wild:
    """A wildcard in a text: ``MANY`` is ``*``, ``ONE`` is ``?``; there are these two only (an Enum would hash ten times slower)."""

    __slots__ = ("value",)
    MANY: ClassVar[Wild]
    ONE: ClassVar[Wild]

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return self.value


Wild.MANY, Wild.ONE = Wild("*"), Wild("?")


@dataclass(frozen=True, slots=True)
class Text:
    """The whole value is ``parts`` in a row; ``cased``: letters must agree in case."""

    parts: tuple[str | Wild, ...]
    cased: bool = False

    def __str__(self) -> str:
        return "".join(p.value if isinstance(p, Wild) else p for p in self.parts)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression is found in the value; ``flags`` of ``ims``."""

    regex: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """The value is an address inside of ``cidr``."""

    cidr: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The value is a number and stands to ``number`` as ``operator`` says: ``<``, ``<=``, ``>``, ``>=`` or ``!=``."""

    operator: str
    number: float


@dataclass(frozen=True, slots=True)
class Present:
    """The field is there."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The field is not there."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """The value is that of another field, or begins or ends with it or (both) holds it."""

    field: str
    starts: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class TimePart:
    """The value is a time whose ``part`` (minute, hour, day, week, month, year) is ``number``."""

    part: str
    number: int


Test = Text | Pattern | Network | Compare | Present | Absent | SameAs | TimePart


@dataclass(frozen=True, slots=True)
class Atom:
    """One test of one field; ``field`` None: of anything in the event (a keyword)."""

    field: str | None
    test: Test


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One holds."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    node: Node


Node = Atom | And | Or | Not | bool


def codes(node: Node, field: str = "EventID") -> frozenset[str] | None:
    """Return the values of a field one of which must be there for a tree to hold; None where the tree does not say.

    Example:
        >>> sorted(codes(And((Atom("EventID", Text(("4688",))), Atom("Image", Text((Wild.MANY,)))))))
        ['4688']
    """
    if isinstance(node, Atom):
        plain = node.field == field and isinstance(node.test, Text) and len(node.test.parts) == 1
        return frozenset((str(node.test),)) if plain else None
    if isinstance(node, And):
        return next((found for n in node.nodes if (found := codes(n, field)) is not None), None)
    if isinstance(node, Or):
        each = [codes(n, field) for n in node.nodes]
        return None if any(e is None for e in each) else frozenset().union(*(e for e in each if e is not None))
    return None


def both(*nodes: Node) -> Node:
    """Return the conjunction, as short as it can be said."""
    flat: list[Node] = []
    for node in nodes:
        if node is False:
            return False
        if node is not True:
            flat += node.nodes if isinstance(node, And) else (node,)
    unique = tuple(dict.fromkeys(flat))
    return True if not unique else unique[0] if len(unique) == 1 else And(unique)


def either(*nodes: Node) -> Node:
    """Return the disjunction, as short as it can be said."""
    flat: list[Node] = []
    for node in nodes:
        if node is True:
            return True
        if node is not False:
            flat += node.nodes if isinstance(node, Or) else (node,)
    unique = tuple(dict.fromkeys(flat))
    return False if not unique else unique[0] if len(unique) == 1 else Or(unique)


def negated(node: Node) -> Node:
    """Return the negation."""
    if isinstance(node, bool):
        return not node
    return node.node if isinstance(node, Not) else Not(node)


def atoms(node: Node, *, held: bool | None = None) -> Iterator[Atom]:
    """Yield the atoms of a tree; with ``held`` only those that speak for (True) or against (False) it."""
    yield from _atoms(node, held, positive=True)


def _atoms(node: Node, held: bool | None, *, positive: bool) -> Iterator[Atom]:
    if isinstance(node, Atom):
        if held is None or held is positive:
            yield node
    elif isinstance(node, (And, Or)):
        for inner in node.nodes:
            yield from _atoms(inner, held, positive=positive)
    elif isinstance(node, Not):
        yield from _atoms(node.node, held, positive=not positive)
