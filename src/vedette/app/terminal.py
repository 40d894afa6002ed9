"""What a person reads in a terminal: progress, incidents, accounts. Every value from the data is shown with nothing hidden in it."""

from __future__ import annotations

import inspect
import sys
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import msgspec
import polars as pl
from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, DownloadColumn, SpinnerColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from vedette.abc import Detector, Plugin, Source
from vedette.app.intake import Input
from vedette.app.local import Scan
from vedette.config import Config
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.incidents.words import name, names, period, visible
from vedette.intel.attack import technique
from vedette.model import Finding, Incident, Plan, Severity
from vedette.plugins import FOLDERS, discover

COLOURS = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}
TOLD_IN_FULL = 5
"""Incidents that are told in full; the others are a line each."""

PLANS_SHOWN = 2

LISTED = 20
"""Inputs that are listed one by one; more are counted by kind."""

PREVIEW_ROWS = 5
CELL_LIMIT = 60

_out = Console(highlight=False, soft_wrap=False)
_err = Console(stderr=True, highlight=False)


class Progress:
    """A bar on the terminal for what takes longer than a moment; nothing where output is no terminal."""

    def __init__(self, *, shown: bool = True) -> None:
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(),
            console=_err,
            transient=True,
            disable=not (shown and _err.is_terminal),
        )
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def bytes(self, done: int, total: int) -> None:
        """Show how far reading is."""
        self._bar.update(self._task, completed=done, total=total or None)

    def stage(self, word: str) -> None:
        """Show what is going on."""
        self._bar.update(self._task, description=word)

    def done(self) -> None:
        """Take the bar away."""
        self._bar.stop()


def say(text: str) -> None:
    """Print a line."""
    _out.print(Text(text))


def warn(text: str) -> None:
    """Print a line to standard error."""
    _err.print(Text(f"vedette: {text}", style="yellow"))


def write_json(value: object) -> None:
    """Write a value as one JSON line."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")


# ------------------------------------------------------------------------------------------------------------------- scan


def show_scan(result: Scan, html: object = None) -> None:
    """Show what a scan read and found."""
    rows = sum(result.rows.values())
    read = [i for i in result.inputs if i.source is not None]
    _out.print(
        Text.assemble(
            ("Vedette ", "bold"),
            f"read {len(read):,} of {len(result.inputs):,} inputs: {sum(i.account.records for i in read):,} records, ",
            f"{rows:,} events, in {result.elapsed_seconds:.1f} s.",
        )
    )
    if result.incidents:
        _show_incidents(result)
    elif not result.unreadable:
        _out.print(
            Text("\nNo incident. ", style="bold green")
            + Text("What could not be looked at stands below and in `vedette doctor`.")
        )
    _out.print()
    _out.print(_accounts(result.inputs))
    if html:
        _out.print(Text(f"\nReport: {html}"))


def _show_incidents(result: Scan) -> None:
    counts = Counter(i.severity for i in result.incidents)
    words = [Text(f"{n} {s.name.lower()}", style=COLOURS[s]) for s, n in sorted(counts.items(), reverse=True)]
    count = len(result.incidents)
    _out.print(Text(f"\n{count:,} incident{'s' if count > 1 else ''}: ") + Text(", ").join(words))
    for incident in result.incidents[:TOLD_IN_FULL]:
        _out.print()
        _out.print(_incident(incident, result.plans.get(incident.uid, ())))
    rest = result.incidents[TOLD_IN_FULL:]
    if rest:
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for incident in rest[:LISTED]:
            table.add_row(_label(incident), Text(visible(incident.title)), Text(incident.uid, style="dim"))
        _out.print()
        _out.print(table)
    if len(rest) > LISTED:
        _out.print(Text(f"... and {len(rest) - LISTED:,} more: --html or --json shows all.", style="dim"))


def _label(incident: Incident) -> Text:
    return Text(f"{incident.severity.name} {incident.confidence:.0%}", style=COLOURS[incident.severity])


def _incident(incident: Incident, plans: Sequence[Plan]) -> Group:
    head = Text.assemble(_label(incident), "  ", (visible(incident.title), "bold"), "  ", (incident.uid, "dim"))
    story = Group(*(Text(visible(sentence)) for sentence in incident.story))
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    facts.add_row("ATT&CK", Text(", ".join(map(_technique, incident.techniques)) or "-"))
    for step in incident.next_steps[:3]:
        facts.add_row("check", Text(visible(step)))
    for plan in plans[:PLANS_SHOWN]:
        facts.add_row("proposed", Text(f"{plan.action} {name(plan.target)} for {plan.ttl_seconds // 60} min"))
        for objection in plan.objections:
            facts.add_row("", Text(f"but {visible(objection)}", style="yellow"))
    if len(plans) > PLANS_SHOWN:
        facts.add_row(
            "", Text(f"... and {len(plans) - PLANS_SHOWN} more plans: vedette explain {incident.uid}", style="dim")
        )
    return Group(head, Padding(Group(story, facts), (0, 0, 0, 2)))


def _technique(uid: str) -> str:
    known = technique(uid)
    return f"{uid} {known.name}" if known else uid


def _accounts(inputs: Sequence[Input]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Input", overflow="fold", max_width=48)
    for heading in ("Read as", "Records", "Unreadable"):
        table.add_column(heading, justify="left" if heading == "Read as" else "right")
    table.add_column("Note", overflow="fold")
    if len(inputs) <= LISTED:
        for item in inputs:
            told = item.source.name if item.source else "skipped"
            table.add_row(
                Text(visible(item.name)),
                told,
                f"{item.account.records:,}",
                f"{item.account.rejects:,}",
                Text(_note(item)),
            )
        return table
    groups: dict[tuple[str, str], list[Input]] = {}
    for item in inputs:
        groups.setdefault((item.source.name if item.source else "skipped", _note(item)), []).append(item)
    for (source, note), items in sorted(groups.items()):
        records, rejects = sum(i.account.records for i in items), sum(i.account.rejects for i in items)
        label = visible(items[0].name) if len(items) == 1 else f"{len(items):,} inputs"
        table.add_row(Text(label), source, f"{records:,}", f"{rejects:,}", Text(note))
    return table


def _note(item: Input) -> str:
    return visible("; ".join(filter(None, (item.skipped, item.account.error, *item.account.notes))))


def say_unreadable(inputs: Sequence[Input]) -> None:
    """Say that nothing could be read, and the first reasons."""
    reasons = [f"{visible(i.name)}: {_note(i) or 'nothing in it'}" for i in inputs[:3]] or ["no input"]
    _err.print(Text("vedette: nothing could be read\n  " + "\n  ".join(reasons), style="red"))


# ---------------------------------------------------------------------------------------------------------------- explain


def show_incident(incident: Incident, plans: Sequence[Plan], evidence: dict[str, list[dict[str, str]]]) -> None:
    """Show an incident whole: story, findings with reasons and evidence, plans."""
    _out.print(_incident(incident, ()))
    for finding in incident.findings:
        _out.print()
        show_finding(finding, evidence.get(finding.uid, []))
    for plan in plans:
        _out.print(Text(f"\nProposed, not applied: {plan.action} {name(plan.target)}", style="bold"))
        lines = [*(f"do    {s}" for s in plan.steps), *(f"undo  {s}" for s in plan.undo), f"why   {plan.why}"]
        _out.print(Padding(Text(visible_lines([*lines, *(f"but   {o}" for o in plan.objections)])), (0, 0, 0, 2)))


def show_finding(finding: Finding, evidence: Sequence[dict[str, Any]]) -> None:
    """Show a finding: what, when, why (reasons as bars), and a sample of its events."""
    style = COLOURS[finding.severity]
    _out.print(
        Text.assemble((finding.title, "bold"), "  ", (f"{finding.score:.0%} sure", style), "  ", (finding.uid, "dim"))
    )
    told = [Text(visible(finding.summary)), Text(period(finding.first_seen, finding.last_seen), style="dim")]
    told.append(Text(f"by {names(finding.actors)} against {names(finding.targets, sampled=True)}", style="dim"))
    told.append(Text(f"says {finding.detector}: vedette explain {finding.detector}", style="dim"))
    _out.print(Padding(Group(*told), (0, 0, 0, 2)))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for reason in finding.reasons:
        width = round(abs(reason.weight) * 20)
        bar = Text(("█" * width or "▏").ljust(20), style="red" if reason.weight > 0 else "green")
        table.add_row(bar, f"{reason.weight:+.2f}", Text(visible(reason.text)))
    _out.print(table)
    if evidence:
        _out.print(Text(f"  {len(evidence)} of {finding.event_count:,} events:", style="dim"))
        _out.print(Padding(_table(evidence), (0, 0, 0, 2)))


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return the columns that an analyst looks at first, as far as the rows have them."""
    columns = [c for c in _TELLING if any(c in row for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(row.get(c, "")), CELL_LIMIT)) for c in columns))
    return table


_TELLING = (
    "time",
    "metadata.log_name",
    "metadata.sequence",
    "src_endpoint.ip",
    "dst_endpoint.ip",
    "dst_endpoint.port",
    "connection_info.protocol_name",
    "status_code",
    "status_id",
    "user.name",
    "device.hostname",
    "service.name",
    "process.cmd_line",
    "query.hostname",
    "http_request.url.url_string",
    "message",
    "finding_info.title",
)


def visible_lines(lines: Sequence[str]) -> str:
    """Return lines, each with nothing hidden in it."""
    return "\n".join(visible(line) for line in lines)


def show_plugin(plugin: type[Plugin]) -> None:
    """Show a plug-in's documentation page."""
    _out.print(Text(plugin.name, style="bold"))
    if issubclass(plugin, Detector):
        told = (plugin.title, plugin.severity.name.lower(), ", ".join(map(_technique, plugin.techniques)))
        _out.print(Text(" · ".join(filter(None, told)), style="dim"))
    if issubclass(plugin, Source):
        _out.print(Text("gives " + ", ".join(k.name for k in plugin.emits), style="dim"))
    _out.print(Text("\n" + inspect.cleandoc(plugin.__doc__ or "")))


# ------------------------------------------------------------------------------------------------------- events and doctor


class Preview:
    """The first rows of each class, and how many there are."""

    def __init__(self) -> None:
        self._first: dict[EventClass, pl.DataFrame] = {}
        self._rows: Counter[EventClass] = Counter()

    def add(self, batch: EventBatch) -> None:
        """Count a batch, keep its first rows."""
        self._rows[batch.kind] += len(batch)
        if batch.kind not in self._first or self._first[batch.kind].height < PREVIEW_ROWS:
            have = self._first.get(batch.kind)
            head = batch.frame.head(PREVIEW_ROWS)
            self._first[batch.kind] = (
                head if have is None else pl.concat([have, head], how="diagonal").head(PREVIEW_ROWS)
            )

    def show(self, inputs: Sequence[Input]) -> None:
        """Print the rows class by class, then the inputs."""
        for kind, rows in sorted(self._first.items()):
            _out.print(Text.assemble((kind.caption, "bold"), f" {kind.class_uid}: {self._rows[kind]:,} rows"))
            filled = [c for c in rows.columns if rows[c].null_count() < rows.height and c != "metadata.log_name"]
            for row in rows.select(filled).iter_rows(named=True):  # at most PREVIEW_ROWS
                shown = (f"{c}={visible(str(v), CELL_LIMIT)}" for c, v in row.items() if v is not None)
                _out.print(Padding(Text("  ".join(shown), style="dim"), (0, 0, 0, 2)))
            _out.print()
        _out.print(_accounts(inputs))


def show_doctor(result: Scan, *, as_json: bool) -> None:
    """Show which detectors could look at the input, and what the others lack."""
    idle = {i.detector: i.reason for i in result.idle}
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Detector", "", "Why"):
        table.add_column(heading, overflow="fold")
    for detector in discover(Detector):
        word = (
            Text("partly", style="yellow")
            if " in " in idle.get(detector, "") and "input" not in idle[detector]
            else Text("idle", style="dim")
        )
        table.add_row(detector, word if detector in idle else Text("ran", style="green"), idle.get(detector, ""))
    if as_json:
        write_json([{"detector": d, "ran": d not in idle, "reason": idle.get(d, "")} for d in discover(Detector)])
        return
    _out.print(table)
    _out.print()
    _out.print(_accounts(result.inputs))


def show_installation(config: Config, *, as_json: bool) -> None:
    """Show what is installed, and the settings in force."""
    found = {kind.__name__: list(discover(kind)) for kind in FOLDERS}
    if as_json:
        write_json({"plugins": found, "settings": config.model_dump(mode="json")})
        return
    for kind, members in found.items():
        _out.print(Text.assemble((f"{kind}  ", "bold"), ", ".join(members)))
    _out.print(Text("\nSettings in force", style="bold"))
    for section, values in config.model_dump(mode="json").items():
        for key, value in values.items():
            _out.print(Text(f"  {section}.{key} = {value}"))
