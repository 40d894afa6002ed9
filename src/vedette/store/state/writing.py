"""Stores what one look changed: findings, incidents, and what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from vedette.model import Entity, Finding, Incident
from vedette.store.state.rows import chunks
from vedette.store.state.stored import FINAL, PROVISIONAL, WITHDRAWN
from vedette.store.state.succession import succeed
from vedette.store.state.tables import (
    CLOCK,
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
from vedette.store.state.texts import LONGEST_VALUE, digest, encoded, finite, micros, sound
from vedette.store.state.work import Work

MOST_LINKS = 1_000
"""Entities of one finding or incident that it is found by."""

_Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Turn:
    """One writing transaction: its connection, the time, and the last number of the change feed."""

    connection: Connection
    at: int
    change: int = 0
    _links: dict[str, _Rows] = field(default_factory=dict)

    def begin(self) -> None:
        """Lock the clock: numbers of the change feed rise in the order of commits."""
        self.change = self.connection.execute(update(CLOCK).values(id=1).returning(CLOCK.c.change)).scalar_one()

    def marked(self) -> dict[str, int]:
        """Return the columns that put a thing at the end of the change feed."""
        self.change += 1
        return {"changed": self.change, "changed_at": self.at}

    def end(self, position: int | None = None) -> int:
        """Write the clock; return the last change."""
        values = {"change": self.change} if position is None else {"change": self.change, "position": position}
        self.connection.execute(update(CLOCK).values(values))
        return self.change

    def known(self, table: Table, uids: Collection[str], *columns: str) -> dict[str, Any]:
        """Return uid -> row (id, uid and ``columns``) of those that are stored."""
        wanted = [table.c[name] for name in ("id", "uid", *columns)]
        found = {}
        for some in chunks(list(uids)):
            found.update(
                {row.uid: row for row in self.connection.execute(select(*wanted).where(table.c.uid.in_(some)))}
            )
        return found


def commit(connection: Connection, work: Work, at: int) -> int:
    """Store the work in the transaction of this connection; return the last change."""
    turn = Turn(connection, at)
    turn.begin()
    _findings(turn, work)
    _states(turn, work)
    ids = _incidents(turn, work)
    _plans(turn, work)
    succeed(turn, work.replaced, ids)
    return turn.end(work.position)


def _findings(turn: Turn, work: Work) -> None:
    told = {f.uid: f for f in (*(f for i in work.incidents for f in i.findings), *work.findings)}
    own = {f.uid for f in work.findings}
    known = turn.known(FINDINGS, told, "digest", "state")
    rows, changed = [], []
    for uid, finding in told.items():
        if uid in known and uid not in own:
            continue  # an incident shows a finding as it stands; that does not change it
        content = encoded(finding)
        row = {**_finding_row(finding), "digest": digest(content), "content": content, "state": PROVISIONAL}
        before = known.get(uid)
        if before is None or before.digest != row["digest"] or before.state == WITHDRAWN:
            row["state"] = FINAL if uid in work.final else PROVISIONAL
            rows.append({**row, **turn.marked()})
            changed.append(finding)
    ids = _upsert(turn, FINDINGS, rows, known)
    _link(turn, (FINDING_ENTITIES, FINDING_TECHNIQUES), {ids[f.uid]: f for f in changed})
    _evidence(turn, work.evidence, {**{uid: row.id for uid, row in known.items()}, **ids})


def _finding_row(finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.uid,
        "detector": finding.detector,
        "title": sound(finding.title),
        "severity_id": int(finding.severity),
        "score": finite(finding.score),
        "alert": finding.alert,
        "first_seen": micros(finding.first_seen),
        "last_seen": micros(finding.last_seen),
    }


def _evidence(turn: Turn, evidence: Mapping[str, Sequence[Mapping[str, Any]]], ids: Mapping[str, int]) -> None:
    given = {ids[uid]: encoded(list(rows)) for uid, rows in evidence.items() if uid in ids and rows}
    digests = {owner: digest(content) for owner, content in given.items()}
    for some in chunks(list(given)):
        wanted = select(EVIDENCE.c.owner_id, EVIDENCE.c.digest).where(EVIDENCE.c.owner_id.in_(some))
        same = {row.owner_id for row in turn.connection.execute(wanted) if row.digest == digests[row.owner_id]}
        fresh = [owner for owner in some if owner not in same]
        if fresh:
            turn.connection.execute(delete(EVIDENCE).where(EVIDENCE.c.owner_id.in_(fresh)))
            rows = [{"owner_id": owner, "digest": digests[owner], "content": given[owner]} for owner in fresh]
            turn.connection.execute(insert(EVIDENCE), rows)


def _states(turn: Turn, work: Work) -> None:
    """Make findings final, and withdraw others; those lose their links, so that nobody finds them by what they were about."""
    withdrawn = set(work.withdrawn)
    known = turn.known(FINDINGS, {*work.final, *withdrawn}, "state")
    states = {uid: WITHDRAWN if uid in withdrawn else FINAL for uid in known}
    moved = [uid for uid in sorted(known) if known[uid].state != states[uid]]
    rows = [{"b_id": known[uid].id, "state": states[uid], **turn.marked()} for uid in moved]
    if rows:
        turn.connection.execute(update(FINDINGS).where(FINDINGS.c.id == bindparam("b_id")), rows)
    gone = [known[uid].id for uid in moved if uid in withdrawn]
    for some in chunks(gone):
        for table in (FINDING_ENTITIES, FINDING_TECHNIQUES, EVIDENCE):
            turn.connection.execute(delete(table).where(table.c.owner_id.in_(some)))
        turn.connection.execute(delete(INCIDENT_FINDINGS).where(INCIDENT_FINDINGS.c.finding_id.in_(some)))


def _incidents(turn: Turn, work: Work) -> dict[str, int]:
    """Store incidents; return uid -> id of those that are new in the store."""
    told = {i.uid: i for i in work.incidents}
    known = turn.known(INCIDENTS, told, "digest", "gone")
    rows, changed = [], []
    for uid, incident in told.items():
        content = encoded(replace(incident, findings=()))
        whole = digest("\n".join((content, *(f.uid for f in incident.findings))))
        before = known.get(uid)
        if before is not None and before.digest == whole and not before.gone:
            continue
        fresh = {"status": "new", "verdict": "", "plans": "[]"} if before is None else {}
        rows.append({**_incident_row(incident), "digest": whole, "content": content, **fresh, **turn.marked()})
        changed.append(incident)
    ids = _upsert(turn, INCIDENTS, rows, known)
    _link(turn, (INCIDENT_ENTITIES, INCIDENT_TECHNIQUES), {ids[i.uid]: i for i in changed})
    _parts(turn, {ids[i.uid]: i for i in changed})
    return {uid: number for uid, number in ids.items() if uid not in known}


def _incident_row(incident: Incident) -> dict[str, Any]:
    return {
        "uid": incident.uid,
        "title": sound(incident.title),
        "severity_id": int(incident.severity),
        "risk": finite(incident.risk),
        "confidence": finite(incident.confidence),
        "first_seen": micros(incident.first_seen),
        "last_seen": micros(incident.last_seen),
        "gone": False,
        "successor": "",
        "finding_count": len(incident.findings),
    }


def _parts(turn: Turn, incidents: Mapping[int, Incident]) -> None:
    """Say which findings are part of which incidents."""
    known = turn.known(FINDINGS, {f.uid for i in incidents.values() for f in i.findings}, "state")
    for some in chunks(list(incidents)):
        turn.connection.execute(delete(INCIDENT_FINDINGS).where(INCIDENT_FINDINGS.c.owner_id.in_(some)))
    rows = [
        {"owner_id": owner, "finding_id": known[uid].id}
        for owner, incident in incidents.items()
        for uid in dict.fromkeys(f.uid for f in incident.findings)
        if known[uid].state != WITHDRAWN
    ]
    if rows:
        turn.connection.execute(insert(INCIDENT_FINDINGS), rows)


def _plans(turn: Turn, work: Work) -> None:
    known = turn.known(INCIDENTS, work.plans, "plans", "changed")
    told = {uid: encoded(list(work.plans[uid])) for uid in known}
    rows = [
        {"b_id": known[uid].id, "plans": plans, **turn.marked()}
        for uid, plans in told.items()
        if known[uid].plans != plans
    ]
    if rows:
        turn.connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == bindparam("b_id")), rows)


def _upsert(turn: Turn, table: Table, rows: _Rows, known: Mapping[str, Any]) -> dict[str, int]:
    """Insert what is new and renew what is known; return uid -> id of ``rows``."""
    fresh = [row for row in rows if row["uid"] not in known]
    if fresh:
        turn.connection.execute(insert(table), fresh)
    old = [{**row, "b_id": known[row["uid"]].id} for row in rows if row["uid"] in known]
    if old:
        turn.connection.execute(update(table).where(table.c.id == bindparam("b_id")), old)
    ids = turn.known(table, [row["uid"] for row in fresh])
    return {row["uid"]: (known.get(row["uid"]) or ids[row["uid"]]).id for row in rows}


def _link(turn: Turn, tables: tuple[Table, Table], owners: Mapping[int, Finding] | Mapping[int, Incident]) -> None:
    """Say what findings or incidents are about, and which techniques they show."""
    for some in chunks(list(owners)):
        for table in tables:
            turn.connection.execute(delete(table).where(table.c.owner_id.in_(some)))
    about = {owner: _keys((*of.actors, *of.targets)) for owner, of in owners.items()}
    ids = _entities(turn, {owner: (keys, owners[owner]) for owner, keys in about.items()})
    entities = [{"owner_id": owner, "entity_id": ids[key]} for owner, keys in about.items() for key in keys]
    shown = [
        {"owner_id": owner, "technique": name}
        for owner, of in owners.items()
        for name in dict.fromkeys(sound(t, 64) for t in of.techniques[:MOST_LINKS])
    ]
    entity_table, technique_table = tables
    if entities:
        turn.connection.execute(insert(entity_table), entities)
    if shown:
        turn.connection.execute(insert(technique_table), shown)


_Key = tuple[str, str]
"""Kind and value of an entity, as they are stored."""


def _keys(entities: Iterable[Entity]) -> list[_Key]:
    return list(dict.fromkeys((e.kind.value, sound(e.value, LONGEST_VALUE)) for e in entities))[:MOST_LINKS]


def _entities(turn: Turn, about: Mapping[int, tuple[list[_Key], Finding | Incident]]) -> dict[_Key, int]:
    """Note entities with their first and last time; return their ids."""
    spans: dict[_Key, tuple[int, int]] = {}
    for keys, of in about.values():
        first, last = micros(of.first_seen), micros(of.last_seen)
        for key in keys:
            since, until = spans.get(key, (first, last))
            spans[key] = (min(since, first), max(until, last))
    known = _known_entities(turn.connection, spans)
    fresh = [
        {"kind": kind, "value": value, "first_seen": first, "last_seen": last}
        for (kind, value), (first, last) in sorted(spans.items())
        if (kind, value) not in known
    ]
    if fresh:
        turn.connection.execute(insert(ENTITIES), fresh)
    wider = [
        {
            "b_id": row.id,
            "first_seen": min(row.first_seen, spans[key][0]),
            "last_seen": max(row.last_seen, spans[key][1]),
        }
        for key, row in known.items()
        if spans[key][0] < row.first_seen or spans[key][1] > row.last_seen
    ]
    if wider:
        turn.connection.execute(update(ENTITIES).where(ENTITIES.c.id == bindparam("b_id")), wider)
    added = _known_entities(turn.connection, spans.keys() - known.keys())
    return {key: row.id for key, row in {**known, **added}.items()}


def _known_entities(connection: Connection, keys: Collection[_Key]) -> dict[_Key, Any]:
    found = {}
    for some in chunks(sorted({value for _, value in keys})):
        for row in connection.execute(select(ENTITIES).where(ENTITIES.c.value.in_(some))):
            if (row.kind, row.value) in keys:
                found[row.kind, row.value] = row
    return found
