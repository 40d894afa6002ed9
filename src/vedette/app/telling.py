"""A scan, an incident or a finding, told in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vedette.app.accounts import LISTED, accounts
from vedette.app.local import Scan
from vedette.app.terminal import COLOURS, OUT, named_technique, visible_lines, warn
from vedette.incidents.words import name, names, period, visible
from vedette.model import Finding, Incident, Plan
from vedette.response.equipped import lasts

TOLD_IN_FULL = 5
"""Incidents that are told in full; the others are a line each."""

PLANS_SHOWN = 2
STEPS_SHOWN = 3
CELL_LIMIT = 60
LEAST = 20
"""Columns of the terminal that a long text needs next to short ones."""


def show_scan(result: Scan, html: object = None) -> None:
    """Show what a scan read and found."""
    rows = sum(result.rows.values())
    read = [i for i in result.inputs if i.source is not None]
    OUT.print(
        Text.assemble(
            ("Vedette ", "bold"),
            f"read {len(read):,} of {len(result.inputs):,} inputs: {sum(i.account.records for i in read):,} records, ",
            f"{rows:,} events, in {result.elapsed_seconds:.1f} s.",
        )
    )
    if result.incidents:
        _show_incidents(result)
    elif not result.unreadable:
        OUT.print(
            Text("\nNo incident. ", style="bold green")
            + Text("What could not be looked at stands below and in `vedette doctor`.")
        )
    if blocks := sum(not f.alert for f in result.findings):
        count = f"{blocks:,} weaker finding{'s' * (blocks > 1)}"
        told = f"{count} raised no incident: too weak, or over the alert budget (vedette budget); --json has all."
        OUT.print(Text(f"\n{told}", style="dim"))
    if result.baselines and (said := result.baselines.sentences(result.started)):
        OUT.print(Text("\n" + "\n".join(said), style="dim"))
    OUT.print()
    OUT.print(accounts(result.inputs))
    _warn(result)
    if html:
        OUT.print(Text(f"\nReport: {html}"))


def _warn(result: Scan) -> None:
    """Say what is to be known about models and baselines, and which detectors broke."""
    for notice in result.notices:
        warn(visible(notice))
    for idle in result.idle:
        if idle.broke:
            warn(f"the detector {idle.detector!r} says nothing about this input, {visible(idle.reason)}")


def _show_incidents(result: Scan) -> None:
    counts = Counter(i.severity for i in result.incidents)
    words = [Text(f"{n} {s.name.lower()}", style=COLOURS[s]) for s, n in sorted(counts.items(), reverse=True)]
    count = len(result.incidents)
    OUT.print(Text(f"\n{count:,} incident{'s' if count > 1 else ''}: ") + Text(", ").join(words))
    for incident in result.incidents[:TOLD_IN_FULL]:
        OUT.print()
        OUT.print(_incident(incident, result.plans.get(incident.uid, ())))
    rest = result.incidents[TOLD_IN_FULL:]
    if rest:
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for incident in rest[:LISTED]:
            table.add_row(_label(incident), Text(visible(incident.title)), Text(incident.uid, style="dim"))
        OUT.print()
        OUT.print(table)
    if len(rest) > LISTED:
        OUT.print(Text(f"... and {len(rest) - LISTED:,} more: --html or --json shows all.", style="dim"))


def _label(incident: Incident) -> Text:
    return Text(f"{incident.severity.name} {incident.confidence:.0%}", style=COLOURS[incident.severity])


def _incident(incident: Incident, plans: Sequence[Plan], steps: int = STEPS_SHOWN) -> Group:
    head = Text.assemble(_label(incident), "  ", (visible(incident.title), "bold"), "  ", (incident.uid, "dim"))
    story = Group(*(Text(visible(sentence)) for sentence in incident.story))
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    facts.add_row("ATT&CK", Text(", ".join(map(named_technique, incident.techniques)) or "-"))
    for step in incident.next_steps[:steps]:
        facts.add_row("check", Text(visible(step)))
    for plan in plans[:PLANS_SHOWN]:
        facts.add_row("proposed", Text(f"{plan.action} {name(plan.target)} {lasts(plan)}"))
        for objection in plan.objections:
            facts.add_row("  but", Text(visible(objection), style="yellow"))
    if len(plans) > PLANS_SHOWN:
        facts.add_row(
            "", Text(f"... and {len(plans) - PLANS_SHOWN} more plans: vedette explain {incident.uid}", style="dim")
        )
    return Group(head, Padding(Group(story, facts), (0, 0, 0, 2)))


def show_incident(incident: Incident, plans: Sequence[Plan], evidence: dict[str, list[dict[str, str]]]) -> None:
    """Show an incident whole: story, findings with reasons and evidence, plans."""
    OUT.print(_incident(incident, (), steps=len(incident.next_steps)))
    for finding in incident.findings:
        OUT.print()
        show_finding(finding, evidence.get(finding.uid, []))
    for plan in plans:
        OUT.print(Text(f"\nProposed, not applied: {plan.action} {name(plan.target)}", style="bold"))
        lines = [*(f"do    {s}" for s in plan.steps), *(f"undo  {s}" for s in plan.undo), f"why   {plan.why}"]
        OUT.print(Padding(Text(visible_lines([*lines, *(f"but   {o}" for o in plan.objections)])), (0, 0, 0, 2)))


def show_finding(finding: Finding, evidence: Sequence[dict[str, Any]]) -> None:
    """Show a finding: what, when, why (reasons as bars), and a sample of its events."""
    style = COLOURS[finding.severity]
    OUT.print(
        Text.assemble(
            (visible(finding.title), "bold"), "  ", (f"{finding.score:.0%} sure", style), "  ", (finding.uid, "dim")
        )
    )
    told = [Text(visible(finding.summary)), Text(period(finding.first_seen, finding.last_seen), style="dim")]
    told.append(Text(f"by {names(finding.actors)} against {names(finding.targets, sampled=True)}", style="dim"))
    told.append(Text(f"says {finding.detector}: vedette explain {finding.detector}", style="dim"))
    OUT.print(Padding(Group(*told), (0, 0, 0, 2)))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for reason in finding.reasons:
        width = round(abs(reason.weight) * 20)
        bar = Text(("█" * width or "▏").ljust(20), style="red" if reason.weight > 0 else "green")
        table.add_row(bar, f"{reason.weight:+.2f}", Text(visible(reason.text)))
    OUT.print(table)
    if finding.false_positives:
        OUT.print(Padding(Text(f"It could also be: {'; '.join(finding.false_positives)}.", style="dim"), (0, 0, 0, 2)))
    if evidence:
        _show_events(evidence, finding.event_count)


def _show_events(rows: Sequence[dict[str, Any]], count: int) -> None:
    """Show the columns that an analyst looks at first, as far as the rows have them; what all rows share is said once."""
    inputs = sorted({str(row.get(_INPUT, "")) for row in rows} - {""})
    one = f" in {visible(inputs[0])}" if len(inputs) == 1 else ""
    OUT.print(Padding(Text(f"{len(rows)} of {count:,} events{one}:", style="dim"), (0, 0, 0, 2)))
    have = {c for c in TELLING if any(row.get(c) for row in rows)}
    left_out = {_INPUT} if one else set[str]()
    if have & _SAY_IT_SHORTER:
        left_out.add("message")
    if have & _DEEDS:
        left_out |= _FRAME
    columns = [c for c in TELLING if c in have - left_out]
    cells = [[visible(_short(c, str(row.get(c, ""))), CELL_LIMIT) for c in columns] for row in rows]
    widths = {c: max(map(len, (TELLING[c], *values))) + 2 for c, *values in zip(columns, *cells, strict=True)}
    fits = sum(LEAST if c in _LONG else width for c, width in widths.items()) <= OUT.width
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(TELLING[column], overflow="fold", no_wrap=fits and column not in _LONG)
    for line in cells:
        table.add_row(*map(Text, line))
    OUT.print(Padding(table, (0, 0, 0, 2)))


def _short(column: str, value: str) -> str:
    """Return a time to the second (UTC goes without saying), and OCSF's word for a status."""
    if column == "time":
        return value[:19]
    return _STATUS.get(value, value) if column == "status_id" else value


_INPUT = "metadata.log_name"
_STATUS = {"1": "success", "2": "failure"}
_SAY_IT_SHORTER = {"src_endpoint.ip", "process.cmd_line"}
"""Columns next to which the message only says the same again."""
_DEEDS = {"vedette.operation", "file.name", "reg_value.path", "win_service.name", "job.name", "api.operation"}
_FRAME = {"connection_info.protocol_name", "status_code", "status_id", "dst_endpoint.port"}
"""What a connection was like says little beside what was done over it."""
_LONG = {
    _INPUT,
    "process.cmd_line",
    "win_service.cmd_line",
    "reg_value.path",
    "reg_value.data",
    "share",
    "file.name",
    "query.hostname",
    "http_request.url.url_string",
    "finding_info.title",
    "message",
}
TELLING = {
    "time": "time",
    _INPUT: "input",
    "metadata.sequence": "record",
    "src_endpoint.ip": "from",
    "dst_endpoint.ip": "to",
    "dst_endpoint.port": "port",
    "connection_info.protocol_name": "over",
    "status_code": "state",
    "status_id": "status",
    "user.name": "user",
    "device.hostname": "host",
    "service.name": "service",
    "actor.user.name": "by",
    "process.parent_process.name": "parent",
    "process.cmd_line": "command",
    "reg_value.path": "key",
    "reg_value.data": "data",
    "win_service.name": "service set up",
    "win_service.cmd_line": "runs",
    "job.name": "task",
    "vedette.operation": "call",
    "api.operation": "call",
    "share": "share",
    "file.name": "file",
    "query.hostname": "asks for",
    "http_request.url.url_string": "URL",
    "finding_info.title": "alert",
    "message": "message",
}
"""Column of an event -> its heading."""
