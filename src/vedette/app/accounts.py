"""What became of every input, in words: what it was taken for, what was skipped and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from vedette.app.intake import Input
from vedette.app.terminal import ERR
from vedette.incidents.words import visible

_PATH = re.compile(r"/\S+")
LISTED = 20
"""Inputs that are listed one by one; more are counted by kind."""


def accounts(inputs: Sequence[Input]) -> Table:
    """Return the table of inputs."""
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
        groups.setdefault((item.source.name if item.source else "skipped", _PATH.sub("...", _note(item))), []).append(
            item
        )
    for (source, note), items in sorted(groups.items(), key=lambda g: (g[0][0] == "skipped", g[0])):
        records, rejects = sum(i.account.records for i in items), sum(i.account.rejects for i in items)
        label = visible(items[0].name) if len(items) == 1 else f"{len(items):,} inputs"
        table.add_row(Text(label), source, f"{records:,}", f"{rejects:,}", Text(note))
    return table


def _note(item: Input) -> str:
    return visible("; ".join(filter(None, (item.skipped, item.account.error, *item.account.notes))))


def say_unreadable(inputs: Sequence[Input]) -> None:
    """Say that nothing could be read, and the first reasons."""
    reasons = [f"{visible(i.name)}: {_note(i) or 'nothing in it'}" for i in inputs[:3]] or ["no input"]
    ERR.print(Text("vedette: nothing could be read\n  " + "\n  ".join(reasons), style="red"))
