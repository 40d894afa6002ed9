"""When a message came: the date that the last server wrote, else the date that its sender claims."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from vedette.events.times import FIRST, LAST

STAMP_LIMIT = 80
"""Characters of a date that are looked at."""
_DAY = 86_400


def received_time(received: str) -> datetime | None:
    """Return the time of a Received field: what stands behind its last semicolon.

    Example:
        >>> received_time("from a by b; Thu, 22 Aug 2002 13:36:23 +0100 (BST)")
        datetime.datetime(2002, 8, 22, 12, 36, 23, tzinfo=datetime.timezone.utc)
    """
    _, semicolon, stamp = received.rpartition(";")
    return date(stamp) if semicolon else None


def date(stamp: str) -> datetime | None:
    """Return the time that a date of mail names, in UTC; None where it is none, or one that no event can have."""
    try:
        read = parsedate_tz(stamp[:STAMP_LIMIT].strip())
        if read is None:
            return None
        offset = read[9] or 0
        if abs(offset) >= _DAY:
            return None
        local = datetime(*read[:5], min(read[5], 59), tzinfo=timezone(timedelta(seconds=offset)))
        time = local.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return time if FIRST <= time <= LAST else None


def first_time(received: Iterable[str], claimed: str) -> datetime | None:
    """Return when a message came: the newest readable Received date, else its Date."""
    for field in received:
        if time := received_time(field):
            return time
    return date(claimed)
