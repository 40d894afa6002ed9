"""What people say of incidents."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from vedette.errors import QueryError
from vedette.store.state.reading import called
from vedette.store.state.rows import Kept
from vedette.store.state.stored import STATUSES, VERDICTS, StoredVerdict
from vedette.store.state.tables import INCIDENTS
from vedette.store.state.tables import VERDICTS as GIVEN
from vedette.store.state.texts import moment, sound
from vedette.store.state.writing import Turn

LONGEST_NOTE = 10_000


def judge(turn: Turn, uid: str, verdict: str, who: str, note: str) -> None:
    """Keep a verdict; the last one counts.

    Raises:
        QueryError: there is no such verdict or incident.
    """
    if verdict not in VERDICTS:
        raise QueryError(f"{verdict!r} is no verdict", where="verdict", hint=f"there are {', '.join(VERDICTS)}")
    row = _incident(turn, uid)
    given = {"incident": row.uid, "given_on": row.uid, "verdict": verdict, "at": turn.at}
    turn.connection.execute(insert(GIVEN), {**given, "who": sound(who), "note": sound(note, LONGEST_NOTE)})
    _renew(turn, row, "verdict", "" if verdict == "undecided" else verdict)


def set_status(turn: Turn, uid: str, status: str) -> None:
    """Change the status of an incident.

    Raises:
        QueryError: there is no such status or incident.
    """
    if status not in STATUSES:
        raise QueryError(f"{status!r} is no status", where="status", hint=f"there are {', '.join(STATUSES)}")
    _renew(turn, _incident(turn, uid), "status", status)


def verdicts(connection: Connection, uid: str) -> list[StoredVerdict]:
    """Return what was said of an incident, and of those that went into it, oldest first."""
    row = called(connection, uid)
    if row is None:
        return []
    found = connection.execute(select(GIVEN).where(GIVEN.c.incident == row.uid).order_by(GIVEN.c.at, GIVEN.c.id))
    return [StoredVerdict(r.given_on, r.verdict, r.who, r.note, moment(r.at)) for r in found]


def _incident(turn: Turn, uid: str) -> Kept:
    row = called(turn.connection, uid)
    if row is None:
        raise QueryError(f"no incident is called {uid[:80]!r}", where="incident")
    return row


def _renew(turn: Turn, row: Kept, column: str, value: str) -> None:
    if getattr(row, column) != value:
        changed = {column: value, **turn.marked()}
        turn.connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == row.id).values(changed))
