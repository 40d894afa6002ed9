"""How far each sink has come in the change feed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from vedette.store.state.rows import when
from vedette.store.state.stored import Cursor
from vedette.store.state.tables import CURSORS
from vedette.store.state.texts import micros, sound


def cursor(connection: Connection, sink: str) -> Cursor:
    """Return the place of a sink; one that was never seen stands at the beginning."""
    row = connection.execute(select(CURSORS).where(CURSORS.c.sink == sound(sink))).first()
    if row is None:
        return Cursor(sink)
    return Cursor(sink, row.number, row.failures, row.why, when(row.until))


def move(connection: Connection, sink: str, number: int) -> None:
    """Note that a sink has everything up to a change; it does not go back."""
    known = cursor(connection, sink)
    _put(connection, Cursor(sink, max(number, known.number)))


def failed(connection: Connection, sink: str, why: str, until: datetime) -> None:
    """Note that a sink failed, and when to try again."""
    known = cursor(connection, sink)
    _put(connection, Cursor(sink, known.number, known.failures + 1, why, until))


def _put(connection: Connection, at: Cursor) -> None:
    key = sound(at.sink)
    until = None if at.until is None else micros(at.until)
    values = {"number": at.number, "failures": at.failures, "why": sound(at.why), "until": until}
    if not connection.execute(update(CURSORS).where(CURSORS.c.sink == key).values(values)).rowcount:
        connection.execute(insert(CURSORS), {"sink": key, **values})
