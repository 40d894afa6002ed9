from __future__ import annotations

import numpy as np

from vedette.features.command_evidence import ENOUGH, SUMS, CommandEvidence
from vedette.features.command_line import CommandLine
from vedette.features.command_signs import SIGNS
from vedette.model import Severity
from vedette.testing.commands import commands
from vedette.testing.rows import rows_of

LINES = [
    "ls -l",
    "whoami /groups",
    "mimikatz sekurlsa::logonpasswords",
    "mimikatz sekurlsa::logonpasswords " + "x" * 99,
]


def test_strengths_are_added_up_to_a_bound() -> None:
    rows = rows_of(CommandLine, commands(LINES))
    runs, held, sums = CommandEvidence.encode(rows)
    assert [b.name for b in (runs, held, sums)] == ["runs", "facts", "sums"]
    assert held.slots == len(SIGNS)
    assert sums.slots == 1 + len(SUMS)
    most = [sums.values()[a:b].max(initial=0.0) for a, b in zip(sums.starts, sums.starts[1:], strict=False)]
    assert most[0] == 0.0, "no sign"
    assert most[2] == most[3] >= 8.0, "what stands behind it adds nothing"
    assert max(most) <= ENOUGH


def test_lines_without_a_sign_hold_no_runs() -> None:
    runs, _, _ = CommandEvidence.encode(rows_of(CommandLine, commands(LINES)))
    assert np.diff(runs.starts)[0] == 0
    assert np.diff(runs.starts)[2] > 0


def test_severity_goes_by_the_strongest_sign() -> None:
    rows = rows_of(CommandLine, commands(LINES))
    told = CommandEvidence.severities(CommandEvidence.__new__(_Any), rows)
    assert told[0] == Severity.LOW
    assert told[2] == Severity.HIGH


class _Any(CommandEvidence):
    """Reads lines as the base does."""

    name = "any"
    title = "Any"
