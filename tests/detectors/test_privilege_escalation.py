from __future__ import annotations

import pytest

from vedette.detectors.privilege_escalation import PrivilegeEscalation
from vedette.model import Severity
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of

CASES: dict[str, tuple[list[dict[str, object]], Severity | None]] = {
    "guesses root's password": (tries(60, every=2.0, service="su", actor="eve"), Severity.MEDIUM),
    "guesses it": (
        tries(60, every=2.0, service="su", actor="eve")
        + tries(1, every=1.0, start=130.0, ok=True, service="su", actor="eve"),
        Severity.HIGH,
    ),
    "a web server asks": (tries(3, every=1.0, service="su", actor="www-data"), Severity.MEDIUM),
    "not in sudoers, three times": (
        tries(6, every=1.0, users=("eve",), service="sudo", status_detail="user NOT in sudoers"),
        Severity.MEDIUM,
    ),
    "mistypes three times, then in": (
        tries(1, every=1.0, users=("alice",), service="sudo", count=3)
        + tries(1, every=1.0, start=9.0, ok=True, service="sudo", actor="alice"),
        None,
    ),
    "a day of honest sudo": (tries(40, every=500.0, ok=True, service="sudo", actor="alice"), None),
    "SSH is another's": (tries(60, every=2.0), None),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, severity = CASES[case]
    hits = hits_of(PrivilegeEscalation, logons(rows))
    assert (max(hits["severity"], default=None)) == severity, hits.to_dicts()
