"""Who acted on whom: attackers left, those who were both in the middle, victims right; an edge for what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vedette.incidents.words import visible
from vedette.model import Entity, Incident, Severity

COLUMN_NODES = 7
"""Nodes of one column; those of the least grave and fewest findings become one."""
ENTITIES = 50
"""Entities of one finding that are looked at."""
NODE_WIDTH, ROW, MARGIN = 168, 46, 4
GAP = 112
"""Between two columns."""
PASSAGE, PASSAGES = 26, 4
"""Below the nodes, for edges that pass the middle column; the height of one, and how many there are beside each other."""
NAME_LIMIT = 21
LABELS = 5
"""More different labels than this are left to the ATT&CK strip."""
_MIDDLE = (1 / 8, 3 / 8, 3 / 8, 1 / 8)
"""Weights of a cubic Bézier curve's four points at its middle."""


@dataclass(frozen=True, slots=True)
class Node:
    """One entity, or all others of its column; ``x``, ``y`` are its left end and its middle."""

    name: str
    full: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What was done by one node to another, as a path; ``x``, ``y`` are where its label stands."""

    path: str
    label: str
    severity: Severity
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges on a canvas of ``width`` by ``height``."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


@dataclass(slots=True)
class _Link:
    severity: Severity = Severity.INFORMATIONAL
    techniques: dict[str, None] = field(default_factory=dict)


def draw_graph(incident: Incident) -> Graph:
    """Lay out an incident's entities."""
    columns = _columns(incident)
    place = {e: (c, min(row, COLUMN_NODES)) for c, column in enumerate(columns) for row, e in enumerate(column)}
    rows = max((min(len(c), COLUMN_NODES + 1) for c in columns), default=0)
    height = max(rows, 1) * ROW + 2 * MARGIN
    width = len(columns) * NODE_WIDTH + max(len(columns) - 1, 0) * GAP + 2 * MARGIN
    nodes = tuple(n for c, column in enumerate(columns) for n in _nodes(c, column, height))
    at = {(c, row): n for c, column in enumerate(columns) for row, n in enumerate(_nodes(c, column, height))}
    links = _links(incident, place)
    edges, passing = [], 0
    for (a, b), link in links.items():
        passing += abs(a[0] - b[0]) > 1
        edges.append(_edge(at[a], at[b], link, height + PASSAGE * min(passing, PASSAGES)))
    return Graph(nodes, _labelled_once(edges), width, height + PASSAGE * min(passing, PASSAGES))


def _columns(incident: Incident) -> list[list[Entity]]:
    """Return entities by part, those of the gravest and most findings first; empty columns are left out."""
    actors, targets = set[Entity](), set[Entity]()
    worst, counts = dict[Entity, Severity](), Counter[Entity]()
    for f in incident.findings:
        actors.update(f.actors[:ENTITIES])
        targets.update(f.targets[:ENTITIES])
        for entity in {*f.actors[:ENTITIES], *f.targets[:ENTITIES]}:
            counts[entity] += 1
            worst[entity] = max(f.severity, worst.get(entity, f.severity))
    parts = (actors - targets, actors & targets, targets - actors)
    return [sorted(part, key=lambda e: (-worst[e], -counts[e], e)) for part in parts if part]


def _nodes(column: int, entities: Sequence[Entity], height: int) -> list[Node]:
    left_out = max(0, len(entities) - COLUMN_NODES)
    names = [
        (visible(e.value, NAME_LIMIT) or "(empty)", visible(e.value, 200), str(e.kind)) for e in entities[:COLUMN_NODES]
    ]
    names += [(f"and {left_out:,} more", "", "others")] if left_out else []
    x = MARGIN + column * (NODE_WIDTH + GAP)
    top = (height - len(names) * ROW) / 2 + ROW / 2
    return [Node(name, full, kind, x, round(top + row * ROW)) for row, (name, full, kind) in enumerate(names)]


def _links(
    incident: Incident, place: dict[Entity, tuple[int, int]]
) -> dict[tuple[tuple[int, int], tuple[int, int]], _Link]:
    links: dict[tuple[tuple[int, int], tuple[int, int]], _Link] = {}
    for finding in incident.findings:
        ends = dict.fromkeys(
            (place[a], place[t]) for a in finding.actors[:ENTITIES] for t in finding.targets[:ENTITIES]
        )
        for end in (pair for pair in ends if pair[0] != pair[1]):
            link = links.setdefault(end, _Link())
            link.severity = max(link.severity, finding.severity)
            link.techniques |= dict.fromkeys(finding.techniques)
    return links


def _labelled_once(edges: Sequence[Edge]) -> tuple[Edge, ...]:
    """Leave a label only where it is first said, and none in a thicket."""
    first: dict[str, Edge] = {}
    if len({e.label for e in edges}) > LABELS:
        return tuple(replace(e, label="") for e in edges)
    return tuple(e if first.setdefault(e.label, e) is e else replace(e, label="") for e in edges)


def _edge(a: Node, b: Node, link: _Link, floor: int) -> Edge:
    """Return a curve between the sides of two nodes that face each other.

    Nodes of one column are joined on their right; an edge that passes the middle column runs below it, down to ``floor``.
    """
    same, forward = a.x == b.x, a.x < b.x
    passing = abs(a.x - b.x) > NODE_WIDTH + GAP
    bend = (GAP / 2 if same or forward else -GAP / 2) * (2 if passing else 1)
    start = a.x + NODE_WIDTH if same or forward else a.x
    end = b.x if forward else b.x + NODE_WIDTH
    xs = (start, start + bend, end + bend if same else end - bend, end)
    ys = (a.y, floor, floor, b.y) if passing else (a.y, a.y, b.y, b.y)
    (x, y), path = (sum(w * c for w, c in zip(_MIDDLE, cs, strict=True)) for cs in (xs, ys)), zip(xs, ys, strict=True)
    move, first, second, last = (f"{px:.0f} {py:.0f}" for px, py in path)
    label = next(iter(link.techniques), "") + (" …" if len(link.techniques) > 1 else "")
    return Edge(f"M{move}C{first} {second} {last}", visible(label, NAME_LIMIT), link.severity, round(x, 1), round(y, 1))
