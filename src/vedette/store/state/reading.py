"""Reads findings, incidents, entities and the change feed."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, literal, or_, select, union_all

from vedette.errors import QueryError
from vedette.model import Entity, EntityKind, Finding, Severity
from vedette.store.state import rows
from vedette.store.state.rows import Kept
from vedette.store.state.stored import (
    PROVISIONAL,
    WITHDRAWN,
    Change,
    FindingFilter,
    IncidentFilter,
    Page,
    StoredEntity,
    StoredFinding,
    StoredIncident,
)
from vedette.store.state.tables import (
    ENTITIES,
    EVIDENCE,
    FINDING_ENTITIES,
    FINDING_TECHNIQUES,
    FINDINGS,
    INCIDENT_ENTITIES,
    INCIDENT_FINDINGS,
    INCIDENT_TECHNIQUES,
    INCIDENTS,
)
from vedette.store.state.texts import LONGEST_VALUE, micros, moment, sound

MOST_ITEMS = 1_000
"""Of one page."""
MOST_FINDINGS = 1_000
"""Findings that an incident shows."""
SHORTEST_PREFIX = 4
LAST = (1 << 63) - 1
"""The largest number that a database keeps."""
_ABOVE_ALL = 100
"""No severity is so high."""
_LONGEST_CHAIN = 1_000
"""Incidents in a row that each went into the next."""


def incidents(connection: Connection, wanted: IncidentFilter, after: str, limit: int) -> Page[StoredIncident]:
    """Return incidents, without their findings."""
    query = select(INCIDENTS).where(*_of_incident(wanted))
    found, end = _page(connection, query, INCIDENTS, after, limit)
    return Page(tuple(map(rows.incident, found)), end)


def incident(connection: Connection, uid: str) -> StoredIncident | None:
    """Return an incident with its findings, or that which it went into."""
    row = called(connection, uid)
    return None if row is None else rows.incident(row, _findings_of(connection, row.id))


def called(connection: Connection, uid: str) -> Kept:
    """Return the row of an incident, or of that which it went into; None where there is none."""
    row = _named(connection, INCIDENTS, uid)
    for _ in range(_LONGEST_CHAIN):
        if row is None or not row.gone or not row.successor:
            break
        heir = connection.execute(select(INCIDENTS).where(INCIDENTS.c.uid == row.successor)).first()
        if heir is None:
            break
        row = heir
    return row


def _findings_of(connection: Connection, owner: int) -> tuple[Finding, ...]:
    joined = FINDINGS.join(INCIDENT_FINDINGS, FINDINGS.c.id == INCIDENT_FINDINGS.c.finding_id)
    query = select(FINDINGS.c.uid, FINDINGS.c.content).select_from(joined).where(INCIDENT_FINDINGS.c.owner_id == owner)
    ordered = query.order_by(FINDINGS.c.first_seen, FINDINGS.c.last_seen, FINDINGS.c.uid).limit(MOST_FINDINGS)
    return tuple(rows.plain_finding(row) for row in connection.execute(ordered))


def findings(connection: Connection, wanted: FindingFilter, after: str, limit: int) -> Page[StoredFinding]:
    """Return findings, without their evidence."""
    query = select(FINDINGS).where(*_of_finding(wanted))
    found, end = _page(connection, query, FINDINGS, after, limit)
    owners = _owners(connection, [row.id for row in found])
    return Page(tuple(rows.finding(row, owners.get(row.id, "")) for row in found), end)


def finding(connection: Connection, uid: str) -> StoredFinding | None:
    """Return a finding with its evidence."""
    row = _named(connection, FINDINGS, uid)
    if row is None:
        return None
    evidence = connection.execute(select(EVIDENCE.c.content).where(EVIDENCE.c.owner_id == row.id)).scalar()
    return rows.finding(row, _owners(connection, [row.id]).get(row.id, ""), evidence or "[]")


def provisional(connection: Connection) -> set[str]:
    """Return the uids of findings that are neither final nor withdrawn."""
    return set(connection.execute(select(FINDINGS.c.uid).where(FINDINGS.c.state == PROVISIONAL)).scalars())


def entities(connection: Connection, after: str, limit: int, text: str) -> Page[StoredEntity]:
    """Return entities that any finding or incident is about now."""
    named = [exists().where(t.c.entity_id == ENTITIES.c.id) for t in (FINDING_ENTITIES, INCIDENT_ENTITIES)]
    query = select(ENTITIES).where(or_(*named))
    if text:
        query = query.where(ENTITIES.c.value.icontains(sound(text, LONGEST_VALUE), autoescape=True))
    found, end = _page(connection, query, ENTITIES, after, limit)
    ids = [row.id for row in found]
    counts, risks = _finding_counts(connection, ids), _open_incidents(connection, ids)
    items = (
        StoredEntity(
            entity=Entity(EntityKind(row.kind), row.value),
            risk=risks.get(row.id, (0, 0.0))[1],
            incidents=risks.get(row.id, (0, 0.0))[0],
            findings=counts.get(row.id, 0),
            first_seen=moment(row.first_seen),
            last_seen=moment(row.last_seen),
        )
        for row in found
    )
    return Page(tuple(items), end)


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return what changed after a number, oldest first."""
    most, after = max(1, min(limit, MOST_ITEMS)), max(-1, min(after, LAST))
    parts = []
    for table, kind, gone in (
        (FINDINGS, "finding", FINDINGS.c.state == WITHDRAWN),
        (INCIDENTS, "incident", INCIDENTS.c.gone),
    ):
        columns = (table.c.changed, table.c.changed_at, table.c.uid, table.c.severity_id)
        query = select(*columns, gone.label("gone"), literal(kind).label("kind"))
        parts.append(query.where(table.c.changed > after).order_by(table.c.changed).limit(most).subquery().select())
    both = union_all(*parts).subquery()
    found = connection.execute(select(both).order_by(both.c.changed).limit(most))
    return [Change(r.changed, moment(r.changed_at), r.kind, r.uid, bool(r.gone), r.severity_id) for r in found]


def _named(connection: Connection, table: Table, uid: str) -> Kept:
    """Return the row of this uid, or the only one that begins so."""
    wanted = sound(uid)
    row = connection.execute(select(table).where(table.c.uid == wanted)).first()
    if row is not None or len(wanted) < SHORTEST_PREFIX:
        return row
    begins = and_(table.c.uid > wanted, table.c.uid < wanted + "\U0010ffff")
    found = connection.execute(select(table).where(begins).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _of_incident(wanted: IncidentFilter) -> list[ColumnElement[bool]]:
    table = INCIDENTS
    conditions = [*_common(table, wanted), *_about(table, wanted, INCIDENT_ENTITIES, INCIDENT_TECHNIQUES)]
    if not wanted.gone:
        conditions.append(table.c.gone.is_(False))
    if wanted.status:
        conditions.append(table.c.status == sound(wanted.status))
    if wanted.verdict:
        conditions.append(table.c.verdict == ("" if wanted.verdict == "none" else sound(wanted.verdict)))
    if wanted.detector:
        part = and_(INCIDENT_FINDINGS.c.owner_id == table.c.id, INCIDENT_FINDINGS.c.finding_id == FINDINGS.c.id)
        conditions.append(exists().where(part, FINDINGS.c.detector == sound(wanted.detector)))
    return conditions


def _of_finding(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    table = FINDINGS
    conditions = [*_common(table, wanted), *_about(table, wanted, FINDING_ENTITIES, FINDING_TECHNIQUES)]
    conditions.append(table.c.state == sound(wanted.state) if wanted.state else table.c.state != WITHDRAWN)
    if wanted.detector:
        conditions.append(table.c.detector == sound(wanted.detector))
    if wanted.alert is not None:
        conditions.append(table.c.alert.is_(wanted.alert))
    if wanted.incident:
        part = and_(INCIDENT_FINDINGS.c.finding_id == table.c.id, INCIDENT_FINDINGS.c.owner_id == INCIDENTS.c.id)
        conditions.append(exists().where(part, INCIDENTS.c.uid == sound(wanted.incident)))
    return conditions


def _common(table: Table, wanted: IncidentFilter | FindingFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.severity > Severity.INFORMATIONAL:
        conditions.append(table.c.severity_id >= min(wanted.severity, _ABOVE_ALL))
    if wanted.since:
        conditions.append(table.c.last_seen >= micros(wanted.since))
    if wanted.until:
        conditions.append(table.c.first_seen < micros(wanted.until))
    if wanted.text:
        conditions.append(table.c.title.icontains(sound(wanted.text), autoescape=True))
    return conditions


def _about(
    table: Table, wanted: IncidentFilter | FindingFilter, links: Table, techniques: Table
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.entity:
        named = [ENTITIES.c.value == sound(wanted.entity, LONGEST_VALUE)]
        if wanted.kind:
            named.append(ENTITIES.c.kind == wanted.kind.value)
        linked = select(links.c.owner_id).join(ENTITIES, ENTITIES.c.id == links.c.entity_id).where(*named)
        conditions.append(table.c.id.in_(linked))
    if wanted.technique:
        name = sound(wanted.technique, 64)
        sub = and_(techniques.c.technique > f"{name}.", techniques.c.technique < f"{name}/")  # "/" follows "."
        shown = select(techniques.c.owner_id).where(or_(techniques.c.technique == name, sub))
        conditions.append(table.c.id.in_(shown))
    return conditions


def _page(
    connection: Connection, query: Select[Any], table: Table, after: str, limit: int
) -> tuple[Sequence[Any], str]:
    """Return the rows of a page and the place after it: by last time and id, so that what is added meanwhile shifts nothing."""
    most = max(1, min(limit, MOST_ITEMS))
    if after:
        at, number = place(after)
        query = query.where(
            or_(table.c.last_seen < at, and_(table.c.last_seen == at, table.c.id < number)), table.c.last_seen <= at
        )
    ordered = query.order_by(table.c.last_seen.desc(), table.c.id.desc()).limit(most + 1)
    found = connection.execute(ordered).all()
    if len(found) <= most:
        return found, ""
    return found[:most], placed(found[most - 1].last_seen, found[most - 1].id)


def placed(at: int, number: int) -> str:
    """Return the name of a place in a list."""
    return base64.urlsafe_b64encode(f"{at}:{number}".encode()).decode().rstrip("=")


def place(name: str) -> tuple[int, int]:
    """Return a place by its name.

    Raises:
        QueryError: there is no such place.
    """
    try:
        at, _, number = (
            base64.b64decode(name + "=" * (-len(name) % 4), b"-_", validate=True).decode("ascii").partition(":")
        )
        found = int(at), int(number)
    except (ValueError, binascii.Error) as error:
        raise QueryError(f"no place in a list is called {name[:80]!r}", where="after") from error
    if max(map(abs, found)) > LAST:
        raise QueryError(f"no place in a list is called {name[:80]!r}", where="after")
    return found


def _owners(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return finding id -> uid of its incident."""
    joined = INCIDENT_FINDINGS.join(INCIDENTS, INCIDENTS.c.id == INCIDENT_FINDINGS.c.owner_id)
    query = select(INCIDENT_FINDINGS.c.finding_id, INCIDENTS.c.uid).select_from(joined).order_by(INCIDENTS.c.id)
    return dict(_pairs(connection, query, INCIDENT_FINDINGS.c.finding_id, ids))


def _pairs(connection: Connection, query: Select[Any], column: ColumnElement[Any], ids: Sequence[int]) -> Iterable[Any]:
    for some in rows.chunks(ids):
        yield from (tuple(row) for row in connection.execute(query.where(column.in_(some))))


def _finding_counts(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    column = FINDING_ENTITIES.c.entity_id
    return dict(_pairs(connection, select(column, func.count()).group_by(column), column, ids))


def _open_incidents(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, float]]:
    """Return entity id -> how many open incidents, and the highest risk."""
    column = INCIDENT_ENTITIES.c.entity_id
    joined = INCIDENT_ENTITIES.join(INCIDENTS, INCIDENTS.c.id == INCIDENT_ENTITIES.c.owner_id)
    query = select(column, func.count(), func.max(INCIDENTS.c.risk)).select_from(joined).group_by(column)
    still = query.where(INCIDENTS.c.gone.is_(False), INCIDENTS.c.status != "closed")
    found: dict[int, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    found.update({entity: (count, risk) for entity, count, risk in _pairs(connection, still, column, ids)})
    return found
