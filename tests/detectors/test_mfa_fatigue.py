from __future__ import annotations

import pytest

from vedette.detectors.mfa_fatigue import MfaFatigue
from vedette.model import Severity
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

Row = dict[str, object]


def refused(n: int, every: float = 60.0, **also: object) -> list[Row]:
    """Return prompts of Entra that were refused."""
    row: Row = {
        "user": "ada@corp.example",
        "ok": False,
        "source": "203.0.113.9",
        "status_code": "500121",
        "service": "Portal",
        "host": None,
    }
    return [{"at": i * every, **row, **also} for i in range(n)]


def success(at: float, **also: object) -> Row:
    return {
        "at": at,
        "user": "ada@corp.example",
        "ok": True,
        "source": "203.0.113.9",
        "service": "Portal",
        "host": None,
        **also,
    }


OKTA: Row = {"status_code": "FAILURE", "metadata.event_code": "user.mfa.okta_verify.deny_push"}
CASES: dict[str, tuple[list[Row], bool]] = {
    "ten prompts refused": (refused(10), True),
    "five, and then one granted": ([*refused(5), success(400, is_mfa=True)], True),
    "one telephone in another room": ([*refused(1), success(60, is_mfa=True)], False),
    "two that ran out, and then one": ([*refused(2), success(200, is_mfa=True)], False),
    "sign-ins that stop to ask, as ever": (refused(20, status_code="50074"), False),
    "wrong passwords": (refused(20, status_code="50126"), False),
    "Okta's word for it": (
        [r | OKTA for r in refused(8)],
        True,
    ),
    "another service's words": (refused(8, status_code=None, status_detail="Duo push: no response"), True),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found = CASES[case]
    hits = hits_of(MfaFatigue, logons(rows))
    assert bool(hits.height) is found, hits.select("user", "window", "score", "summary").to_dicts()


def test_giving_in_is_critical() -> None:
    rows = hits_of(MfaFatigue, logons([*refused(6), success(400, is_mfa=True)])).sort("score").row(-1, named=True)
    assert rows["severity"] == Severity.CRITICAL
    assert rows["summary"] == (
        "ada@corp.example refused 6 prompts for a second factor within 5.0 minutes, and then one was granted: somebody else may be in."
    )
    alone = hits_of(MfaFatigue, logons(refused(6))).sort("score").row(-1, named=True)
    assert alone["severity"] == Severity.MEDIUM
    assert alone["score"] < rows["score"]
