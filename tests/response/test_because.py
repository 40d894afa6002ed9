from __future__ import annotations

from dataclasses import replace

import pytest

from vedette.model import Severity
from vedette.response.because import because
from vedette.testing.incidents import some_incident


@pytest.mark.parametrize(
    ("severity", "confidence", "told"),
    [
        (Severity.CRITICAL, 0.994, "A theft (critical, 99% sure)."),
        (Severity.LOW, 0.05, "A theft (low, 5% sure)."),
    ],
)
def test_title_severity_and_confidence_are_told(severity: Severity, confidence: float, told: str) -> None:
    assert because(replace(some_incident(), title="A theft", severity=severity, confidence=confidence)) == told
