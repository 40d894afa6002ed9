"""Retention: what is older than it may be goes, a batch at a time, so that writers never wait long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, or_, select

from vedette.store.state.connect import Database
from vedette.store.state.rows import chunks
from vedette.store.state.stored import WITHDRAWN
from vedette.store.state.tables import (
    ENTITIES,
    FINDING_ENTITIES,
    FINDINGS,
    INCIDENT_ENTITIES,
    INCIDENT_FINDINGS,
    INCIDENTS,
    NOTES,
    VERDICTS,
)

KEPT_GONE = timedelta(days=7)
"""How long what was withdrawn or replaced stays: sinks that were down learn of it, and links to it still lead to its successor."""


def prune(database: Database, before: int, now: int, batch: int) -> int:
    """Remove what is older than ``before``; return how many findings and incidents that were.

    Incidents with a verdict, and their findings, stay twice as long; so does nothing else.

    Args:
        database: the store.
        before: findings and incidents last seen before it go, microseconds since 1970.
        now: the time, microseconds since 1970.
        batch: things that one transaction removes.
    """
    twice = before - max(0, now - before)
    gone_before = now - KEPT_GONE // timedelta(microseconds=1)
    old = and_(INCIDENTS.c.last_seen < before, or_(INCIDENTS.c.verdict == "", INCIDENTS.c.last_seen < twice))
    held = exists().where(INCIDENT_FINDINGS.c.finding_id == FINDINGS.c.id)
    removed = _all(database, INCIDENTS, or_(old, and_(INCIDENTS.c.gone, INCIDENTS.c.changed_at < gone_before)), batch)
    withdrawn = and_(FINDINGS.c.state == WITHDRAWN, FINDINGS.c.changed_at < gone_before)
    removed += _all(database, FINDINGS, or_(and_(FINDINGS.c.last_seen < before, ~held), withdrawn), batch)
    _all(database, NOTES, NOTES.c.at < before, batch)
    _entities(database, batch)
    return removed


def _all(database: Database, table: Table, old: ColumnElement[bool], batch: int) -> int:
    """Remove rows until none is left; return how many."""
    key = next(iter(table.primary_key.columns))
    removed = 0
    while True:
        with database.write() as connection:
            found = connection.execute(select(key).where(old).limit(batch)).scalars().all()
            _remove(connection, table, key, found)
        removed += len(found)
        if len(found) < batch:
            return removed


def _remove(connection: Connection, table: Table, key: ColumnElement[Any], ids: Sequence[int]) -> None:
    for some in chunks(ids):
        if table is INCIDENTS:
            uids = select(INCIDENTS.c.uid).where(key.in_(some))
            connection.execute(delete(VERDICTS).where(VERDICTS.c.incident.in_(uids)))
        connection.execute(delete(table).where(key.in_(some)))


def _entities(database: Database, batch: int) -> None:
    """Remove entities that nothing is about any more; by ranges of ids, so that no look at all of them holds writers up."""
    with database.read() as connection:
        last = connection.execute(select(func.max(ENTITIES.c.id))).scalar() or 0
    named = [exists().where(t.c.entity_id == ENTITIES.c.id) for t in (FINDING_ENTITIES, INCIDENT_ENTITIES)]
    for at in range(0, last, batch):
        part = ENTITIES.c.id.between(at + 1, at + batch)
        with database.write() as connection:
            connection.execute(delete(ENTITIES).where(part, ~or_(*named)))
