"""How sure, how bad, and what is said."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.detectors.log_cleared_windows import LogClearedWindows
from vedette.model import Severity


def _row(weight: float, *, by_machine: bool = False, account: str | None = "ada") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "host": ["ws7"],
            "account": [account],
            "by_machine": [by_machine],
            "act": ["cleared the log Security"],
            "technique": ["T1070.001"],
            "weight": [weight],
        }
    )


@pytest.mark.parametrize(
    ("weight", "by_machine", "found", "severity"),
    [
        (6.0, False, True, Severity.HIGH),
        (6.0, True, True, Severity.HIGH),
        (4.0, False, True, Severity.MEDIUM),
        (4.0, True, False, Severity.MEDIUM),
        (2.0, False, False, Severity.MEDIUM),
    ],
)
def test_what_is_found(weight: float, by_machine: bool, found: bool, severity: Severity) -> None:
    detector, rows = LogClearedWindows(), _row(weight, by_machine=by_machine)
    assert (detector.score(rows)[0] >= detector.threshold) is found
    assert detector.severities(rows) == [severity]
    assert detector.attacks(rows) == [("T1070.001",)]


def test_words() -> None:
    assert LogClearedWindows().summaries(_row(6.0)) == ["On ws7, ada cleared the log Security."]
    assert LogClearedWindows().summaries(_row(6.0, account=None)) == ["On ws7, somebody cleared the log Security."]
    assert "the machine itself" in LogClearedWindows().summaries(_row(6.0, by_machine=True))[0]
