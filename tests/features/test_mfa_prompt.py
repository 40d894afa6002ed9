from __future__ import annotations

from vedette.features.mfa_prompt import MfaPrompt
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of

ROW: dict[str, object] = {"user": "ada", "source": "203.0.113.9", "host": None}


def test_what_is_counted() -> None:
    rows = [
        {**ROW, "at": 0, "ok": False, "status_code": "50074"},
        {**ROW, "at": 10, "ok": False, "status_code": "500121"},
        {**ROW, "at": 20, "ok": False, "status_detail": "push rejected by user", "count": 3},
        {**ROW, "at": 30, "ok": False, "status_code": "50126"},
        {**ROW, "at": 40, "ok": True, "is_mfa": True},
    ]
    made = rows_of(MfaPrompt, logons(rows))
    row = made.row(0, named=True)
    assert made.height == 3  # ten minutes, an hour, a day
    assert (row["refused"], row["asked"], row["in_after"], row["proved_after"]) == (4, 1, True, True)
    assert row["addresses"] == ["203.0.113.9"]


def test_a_success_before_is_none_after() -> None:
    rows = [{**ROW, "at": 0, "ok": True}, {**ROW, "at": 20, "ok": False, "status_code": "500121"}]
    row = rows_of(MfaPrompt, logons(rows)).row(0, named=True)
    assert (row["refused"], row["in_after"]) == (1, False)
