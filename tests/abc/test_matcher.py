from __future__ import annotations

import polars as pl
import pytest

from vedette.abc import Matcher
from vedette.abc.matcher import LEVELS, TRIED
from vedette.detectors.sigma import SigmaDetector
from vedette.model import Severity
from vedette.plugins import discover


def _rows(**columns: object) -> pl.DataFrame:
    told = {
        "title": "A rule",
        "author": "Ada",
        "level": "high",
        "status": "test",
        "place": "a.yml:1",
        "what": "Image: x",
        "benign": "admins",
        "techniques": ["T1059"],
        **columns,
    }
    return pl.DataFrame({name: [value] for name, value in told.items()})


@pytest.mark.parametrize(
    ("level", "status", "score", "severity", "alerts"),
    [
        ("critical", "stable", 0.85, Severity.CRITICAL, True),
        ("high", "test", 0.665, Severity.HIGH, True),
        ("high", "experimental", 0.56, Severity.HIGH, True),
        ("medium", "stable", 0.45, Severity.MEDIUM, False),
        ("low", "test", 0.19, Severity.LOW, False),
        ("informational", "stable", 0.05, Severity.INFORMATIONAL, False),
        ("high", "deprecated", 0.35, Severity.HIGH, False),
        ("unheard of", "odd", 0.4275, Severity.MEDIUM, False),
    ],
)
def test_a_rule_is_taken_as_its_author_says(
    level: str, status: str, score: float, severity: Severity, alerts: bool
) -> None:
    rows, matcher = _rows(level=level, status=status), SigmaDetector()
    assert matcher.score(rows)[0] == pytest.approx(score)
    assert (matcher.score(rows)[0] >= matcher.alert_from) is alerts
    assert matcher.severities(rows) == [severity]


def test_a_finding_names_rule_author_place_and_benign_causes() -> None:
    [reasons] = SigmaDetector().reasons(_rows())
    text = " / ".join(r.text for r in reasons)
    assert all(
        word in text for word in ("“A rule”", "by Ada", "a.yml:1", "level high", "status test", "Image: x", "admins")
    )
    assert SigmaDetector().titles(_rows()) == ["Sigma: A rule"]
    assert SigmaDetector().titles(_rows(title=None)) == ["Sigma rule"]
    assert SigmaDetector().attacks(_rows(techniques=["T1059", None])) == [("T1059",)]


def test_tables_fall_with_level_and_status() -> None:
    sure = [s for _, s in LEVELS.values()]
    assert sure == sorted(sure, reverse=True)
    assert list(TRIED.values()) == sorted(TRIED.values(), reverse=True)
    assert {"sigma", "sigma_correlation"} <= discover(Matcher, "vedette.detectors").keys()
