"""Operations on a directory and their classes."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.events.directory import activity_of, kind
from vedette.events.schema import EventClass

OPERATIONS = {
    "Add member to role.": (EventClass.USER_ACCESS, 1),
    "Add eligible member to role in PIM completed (permanent)": (EventClass.USER_ACCESS, 1),
    "Consent to application": (EventClass.USER_ACCESS, 1),
    "Remove member from group": (EventClass.GROUP_MANAGEMENT, 4),
    "Add user.": (EventClass.ACCOUNT_CHANGE, 1),
    "Disable Strong Authentication": (EventClass.ACCOUNT_CHANGE, 11),
    "Update application": (EventClass.API_ACTIVITY, None),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_class_and_activity(operation: str) -> None:
    one, activity = pl.select(k=kind(pl.lit(operation)), a=activity_of(pl.lit(operation))).row(0)
    assert (EventClass(one), activity) == OPERATIONS[operation]
