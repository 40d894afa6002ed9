"""Made-up logons of an office: who logs on each day, from where, with what."""

from __future__ import annotations

from vedette.events.batch import EventBatch
from vedette.testing.logons import logons

HOUR, DAY = 3_600.0, 86_400.0
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0"
STAFF = tuple(f"person{n:02}" for n in range(30))


def signin(user: str, day: float, hour: float = 0.0, **also: object) -> dict[str, object]:
    """Return a successful sign-in from the office, ``hour`` hours after eight; day 0 is a Monday."""
    row: dict[str, object] = {
        "at": day * DAY + hour * HOUR,
        "user": user,
        "ok": True,
        "host": f"pc-{user}",
        "service": "Mail",
    }
    row |= {"source": "198.51.100.7", "src_endpoint.location.country": "DE", "http_request.user_agent": AGENT}
    return row | also


def abroad(user: str, day: float, hour: float = 0.0, **also: object) -> dict[str, object]:
    """Return a sign-in from far away, with a program that nobody else has."""
    elsewhere = {
        "source": "203.0.113.9",
        "src_endpoint.location.country": "VN",
        "http_request.user_agent": "python-requests/2.31",
        "host": None,
    }
    return signin(user, day, hour, **{**elsewhere, **also})


def at_host(
    user: str, day: float, hour: float = 0.0, kind: int = 3, host: str = "files1", **also: object
) -> dict[str, object]:
    """Return a Windows logon of a kind on a host."""
    row: dict[str, object] = {
        "at": day * DAY + hour * HOUR,
        "user": user,
        "ok": True,
        "host": host,
        "logon_type_id": kind,
        "service": None,
    }
    return row | also


def office(days: int, *, skip: tuple[str, ...] = (), start: int = 0, staff: tuple[str, ...] = STAFF) -> EventBatch:
    """Return the working days of everybody."""
    each = range(start, start + days)
    return logons([signin(p, d, 0.5) for d in each if d % 7 < 5 for p in staff if p not in skip])
