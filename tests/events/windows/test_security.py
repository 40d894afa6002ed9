"""The Security log's table."""

from __future__ import annotations

import pytest

from vedette.events.schema import EventClass
from vedette.events.windows.security import SECURITY


@pytest.mark.parametrize(("code", "activity"), [(4720, 1), (4726, 6), (4740, 9), (4767, 12), (4724, 4)])
def test_account_changes(code: int, activity: int) -> None:
    assert (SECURITY[code].kind, SECURITY[code].activity) == (EventClass.ACCOUNT_CHANGE, activity)


@pytest.mark.parametrize(
    ("code", "activity"), [(4728, 3), (4732, 3), (4756, 3), (4733, 4), (4731, 6), (4734, 5), (4735, 99)]
)
def test_group_changes(code: int, activity: int) -> None:
    assert (SECURITY[code].kind, SECURITY[code].activity) == (EventClass.GROUP_MANAGEMENT, activity)


def test_only_a_failed_logon_fails() -> None:
    failed = [
        c for c, s in SECURITY.items() if s.kind is EventClass.AUTHENTICATION and s.constants.get("status_id") == 2
    ]
    assert failed == [4625, 4771]
