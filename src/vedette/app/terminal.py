"""What a person reads in a terminal. Every value from the data is shown with nothing hidden in it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec
from rich.console import Console
from rich.text import Text

from vedette.incidents.words import visible
from vedette.intel.attack import technique
from vedette.model import Severity

COLOURS = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "dim",
}

OUT = Console(highlight=False, soft_wrap=False)
ERR = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print a line."""
    OUT.print(Text(text))


def warn(text: str) -> None:
    """Print a line to standard error."""
    ERR.print(Text(f"vedette: {text}", style="yellow"))


def write_json(value: object) -> None:
    """Write a value as one JSON line."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")


def named_technique(uid: str) -> str:
    """Return a technique's id and name."""
    known = technique(uid)
    return f"{uid} {known.name}" if known else uid


def visible_lines(lines: Sequence[str]) -> str:
    """Return lines, each with nothing hidden in it."""
    return "\n".join(visible(line) for line in lines)
