"""The report: one self-contained HTML file that opens offline, prints, and escapes everything that came from the data.

No scripts, no fonts, no pictures from elsewhere. A Content-Security-Policy in the file forbids all of them, so that even a value
that slipped through escaping could neither run nor load anything.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vedette import __version__
from vedette.app.report.graph import NODE_WIDTH
from vedette.app.report.view import IncidentView, shown
from vedette.incidents.words import date, span
from vedette.model import Incident, Plan, Severity
from vedette.response.equipped import lasts

if TYPE_CHECKING:
    from vedette.app.local import Scan

IN_FULL = 100
"""Incidents that are told in full; the rest are lines of the list on top."""
LISTED = 1_000
"""Incidents in the list on top; more are counted."""
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class InputLine:
    """One file, archive member or pipe, accounted for.

    Attributes:
        source: what it was taken for; empty when it was not read.
        records: records accounted for; ``rows``: events made of them; ``rejects``: records that could not be read.
        note: why it was skipped or not read to the end, and what else should be known.
    """

    name: str
    source: str
    records: int = 0
    rows: int = 0
    rejects: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report tells.

    Attributes:
        plans: per incident uid; ``evidence``: per finding uid, rows of attribute path -> value.
        idle: detectors that could not run, and why.
        counts: events read, by the name of their class.
    """

    incidents: Sequence[Incident]
    inputs: Sequence[InputLine]
    started: datetime
    elapsed: timedelta
    plans: Mapping[str, Sequence[Plan]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    idle: Sequence[tuple[str, str]] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def of_scan(scan: Scan) -> Report:
    """Return what a report tells of a scan."""
    return Report(
        incidents=scan.incidents,
        inputs=[
            InputLine(
                name=i.name,
                source=i.source.name if i.source else "",
                records=i.account.records,
                rows=i.account.rows.total(),
                rejects=i.account.rejects,
                note="; ".join(filter(None, (i.skipped, i.account.error, *i.account.notes))),
            )
            for i in scan.inputs
        ],
        started=scan.started,
        elapsed=timedelta(seconds=scan.elapsed_seconds),
        plans=scan.plans,
        evidence=scan.evidence,
        idle=[(i.detector, i.reason) for i in scan.idle],
        counts={kind.name: n for kind, n in scan.rows.items()},
    )


def render(report: Report) -> str:
    """Return the report as one HTML document."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "span": span, "date": date, "lasts": lasts}
    style = (_FOLDER / "report.css").read_text("utf-8")
    return environment.get_template("report.html.j2").render(
        report=report,
        headline=_headline(report.incidents),
        tally=_tally(report.incidents),
        views=[IncidentView.of(i, report.plans.get(i.uid, ()), report.evidence) for i in report.incidents[:IN_FULL]],
        listed=report.incidents[:LISTED],
        totals={name: sum(getattr(line, name) for line in report.inputs) for name in ("records", "rows", "rejects")},
        read=sum(bool(line.source) for line in report.inputs),
        style=jinja2.filters.do_mark_safe(style),  # our own file, not data
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        node_width=NODE_WIDTH,
        version=__version__,
    )


def _tally(incidents: Sequence[Incident]) -> list[tuple[Severity, int]]:
    counts = Counter(i.severity for i in incidents)
    return [(s, counts[s]) for s in sorted(Severity, reverse=True) if counts[s]]


def _headline(incidents: Sequence[Incident]) -> str:
    urgent = sum(i.severity >= Severity.HIGH for i in incidents)
    total = f"{len(incidents):,} incident{'' if len(incidents) == 1 else 's'}"
    if not incidents:
        return "Nothing found"
    if not urgent:
        return f"{total}, nothing urgent"
    return f"{total}, {urgent:,} need{'s' if urgent == 1 else ''} you now"
