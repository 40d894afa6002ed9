"""What the template needs of one incident: texts made visible, numbers made words, everything bounded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vedette.app.report.graph import Graph, draw_graph
from vedette.app.report.timeline import Timeline, draw_timeline
from vedette.incidents.words import visible
from vedette.intel.attack import TACTICS, stage, technique
from vedette.model import Finding, Incident, Plan, Reason

VALUE_LIMIT = 160
"""Characters of one value in a table."""
TEXT_LIMIT = 1_000
EXPLAINED = 6
"""Findings whose reasons and evidence are shown: the gravest of each kind first."""
REASONS = 6
ROWS, COLUMNS = 10, 9
PLANS = 30
"""Proposals that are listed; of those with the same objections one is told in full."""
NAMED = 12
"""Entities that the list of parties names."""
_STEP = re.compile(r"^((?:\d+ \w+ \d{4}, )?\d\d:\d\d:\d\d)  (.*)$", re.DOTALL)
_PREFERRED = (
    "time",
    "src_endpoint.ip",
    "src_endpoint.port",
    "dst_endpoint.ip",
    "dst_endpoint.port",
    "connection_info.protocol_name",
    "device.hostname",
    "user.name",
    "actor.user.name",
    "status_code",
    "status_id",
    "connection_info.flag_history",
    "traffic.packets_out",
    "traffic.packets_in",
    "traffic.bytes_out",
    "http_request.http_method",
    "http_request.url.path",
    "query.hostname",
    "message",
    "duration",
)
_HIDDEN = (
    "metadata.",
    "unmapped",
    "count",
    "activity_id",
    "severity_id",
    "raw_data",
    "start_time",
    "end_time",
    "vedette.",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A reason as a bar from -1 to 1; ``share`` is relative to the heaviest of its finding."""

    text: str
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One finding with reasons and evidence."""

    finding: Finding
    bars: tuple[Bar, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Tactic:
    """One tactic of the strip; lit when ``techniques`` (id, name) are in it."""

    name: str
    techniques: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident, ready to be written.

    Attributes:
        when: the first sentence of the story; ``steps``: (time, text) of what happened; ``rest``: the sentences after it.
        more: findings that are not explained; ``more_plans``: plans that differ from one of ``plans`` only in their target.
    """

    incident: Incident
    when: str
    steps: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]
    timeline: Timeline
    graph: Graph
    tactics: tuple[Tactic, ...]
    explained: tuple[Explained, ...]
    more: int
    plans: tuple[Plan, ...]
    more_plans: tuple[Plan, ...]

    @classmethod
    def of(
        cls, incident: Incident, plans: Sequence[Plan], evidence: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> IncidentView:
        """Return the view of an incident with its plans; ``evidence`` is by finding uid."""
        first, *others = incident.story or ("",)
        matches = [_STEP.match(s) for s in others]
        chosen = _gravest(incident.findings)
        told = _one_of_each(plans[:PLANS])
        return cls(
            incident=incident,
            when=first,
            steps=tuple((m[1], m[2]) for m in matches if m),
            rest=tuple(s for s, m in zip(others, matches, strict=True) if not m),
            timeline=draw_timeline(incident),
            graph=draw_graph(incident),
            tactics=_tactics(incident.techniques),
            explained=tuple(_explained(f, evidence.get(f.uid, ())) for f in chosen),
            more=len(incident.findings) - len(chosen),
            plans=tuple(told),
            more_plans=tuple(p for p in plans[:PLANS] if p not in told),
        )


def shown(value: object, limit: int = TEXT_LIMIT) -> str:
    """Return any value as bounded text without hidden characters (HTML is escaped by the template)."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"[:-3]
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        value = ", ".join(str(v) for v in value[:NAMED])
    return visible(str(value)[: limit + 1], limit)


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Return a few findings, gravest first, no kind twice."""
    best: dict[tuple[str, str], Finding] = {}
    for f in sorted(findings, key=lambda f: f.severity * f.score, reverse=True):
        best.setdefault((f.detector, f.title), f)
    return list(best.values())[:EXPLAINED]


def _one_of_each(plans: Sequence[Plan]) -> list[Plan]:
    """Return the first of the plans that differ only in their target."""
    first: dict[tuple[str, ...], Plan] = {}
    for plan in plans:
        first.setdefault((plan.action, *(o.replace(plan.target.value, "") for o in plan.objections)), plan)
    return list(first.values())


def _explained(finding: Finding, rows: Sequence[Mapping[str, Any]]) -> Explained:
    reasons = sorted(finding.reasons, key=lambda r: abs(r.weight), reverse=True)[:REASONS]
    columns = _columns(rows[:ROWS])
    cells = tuple(tuple(shown(row[c], VALUE_LIMIT) if c in row else "" for c in columns) for row in rows[:ROWS])
    return Explained(finding, _bars(reasons), columns, cells)


def _bars(reasons: Sequence[Reason]) -> tuple[Bar, ...]:
    heaviest = max((abs(r.weight) for r in reasons), default=0.0) or 1.0
    return tuple(Bar(visible(r.text, TEXT_LIMIT), r.weight, r.weight / heaviest) for r in reasons)


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the attributes that say most: the usual ones first, then others that are there."""
    present = dict.fromkeys(c for row in rows for c, v in row.items() if v is not None)
    usual = [c for c in _PREFERRED if c in present]
    others = [c for c in present if c not in usual and not c.startswith(_HIDDEN)]
    return tuple([*usual, *others][:COLUMNS])


def _tactics(techniques: Sequence[str]) -> tuple[Tactic, ...]:
    lit: dict[str, list[tuple[str, str]]] = {}
    for uid in techniques:
        known = technique(uid)
        lit.setdefault(stage(uid), []).append((uid, known.name if known else ""))
    return tuple(Tactic(title, tuple(lit.get(short, ()))) for short, title in TACTICS.items())
