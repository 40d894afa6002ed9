"""When what happened: a lane for each kind of finding, bars on a common axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vedette.incidents.words import span, visible
from vedette.model import Finding, Incident, Severity

WIDTH = 1000
"""Units of the axis."""
NARROWEST = 6
"""A bar that can still be seen."""
LANES = 12
BARS = 200
"""Bars of one lane; more are drawn as one with their neighbours."""
TICKS = 4
LABEL_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar from ``x`` over ``width``."""

    x: float
    width: float
    severity: Severity
    hint: str


@dataclass(frozen=True, slots=True)
class Lane:
    """All bars of one kind of finding."""

    label: str
    count: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes in order of time, the labels of the axis, and how many kinds did not fit."""

    lanes: tuple[Lane, ...]
    ticks: tuple[str, ...]
    left_out: int


def draw_timeline(incident: Incident) -> Timeline:
    """Lay out the findings of an incident on its time."""
    kinds: dict[str, list[Finding]] = {}
    for finding in incident.findings:
        kinds.setdefault(finding.title, []).append(finding)
    length = max(incident.last_seen - incident.first_seen, timedelta(microseconds=1))
    lanes = [_lane(title, found, incident.first_seen, length) for title, found in list(kinds.items())[:LANES]]
    return Timeline(tuple(lanes), _ticks(incident.first_seen, length), max(0, len(kinds) - LANES))


def _lane(title: str, findings: Sequence[Finding], start: datetime, length: timedelta) -> Lane:
    slots: dict[int, list[Finding]] = {}
    for finding in findings:
        slots.setdefault(int((finding.first_seen - start) / length * BARS), []).append(finding)
    return Lane(visible(title, LABEL_LIMIT), len(findings), tuple(_mark(f, start, length) for f in slots.values()))


def _mark(findings: Sequence[Finding], start: datetime, length: timedelta) -> Mark:
    first, last = findings[0].first_seen, max(f.last_seen for f in findings)
    width = max((last - first) / length * WIDTH, NARROWEST)
    x = min((first - start) / length * WIDTH, WIDTH - width)
    hint = f"{first:%H:%M:%S}, {span(last - first)}" + (f", {len(findings)} findings" if len(findings) > 1 else "")
    return Mark(round(x, 1), round(width, 1), max(f.severity for f in findings), hint)


def _ticks(start: datetime, length: timedelta) -> tuple[str, ...]:
    """Return evenly spaced labels, as exact as the length asks for."""
    if length < timedelta(seconds=TICKS):
        form = "%H:%M:%S.%f"
    else:
        form = "%H:%M:%S" if length < timedelta(hours=1) else "%H:%M" if length < timedelta(days=1) else "%d %b %H:%M"
    labels = (f"{start + length * n / TICKS:{form}}" for n in range(TICKS + 1))
    return tuple(label[:-3] if form.endswith("%f") else label for label in labels)
