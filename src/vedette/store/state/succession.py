"""What becomes of an incident that went into another: who looks for it finds that, and what people said of it is not lost.

A verdict goes over to the successor where all that went into it agree on it and it is no more severe than they were; "true positive" always
does, since a story stays true when more is known of it. So an attack that joins what was called false is looked at anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, update

from vedette.store.state.rows import Kept, incident_alone
from vedette.store.state.tables import INCIDENT_ENTITIES, INCIDENT_FINDINGS, INCIDENT_TECHNIQUES, INCIDENTS, VERDICTS
from vedette.store.state.texts import encoded

if TYPE_CHECKING:
    from vedette.store.state.writing import Turn

TRUE = "true_positive"


def succeed(turn: Turn, replaced: Mapping[str, str], fresh: Mapping[str, int]) -> None:
    """Mark incidents as gone and hand on what people said.

    Args:
        turn: the transaction.
        replaced: uid -> uid of the successor, or "".
        fresh: uid -> id of incidents that are new: those alone take a verdict over.
    """
    columns = ("gone", "successor", "severity_id", "status", "verdict", "content", "plans")
    known = turn.known(INCIDENTS, {*replaced, *replaced.values()}, *columns)
    over = {uid: to for uid, to in replaced.items() if uid in known and uid != to}
    moved = [uid for uid, to in over.items() if not known[uid].gone or known[uid].successor != to]
    if not moved:
        return
    rows = [
        {"b_id": known[uid].id, "gone": True, "successor": over[uid], **_left(known[uid], over[uid]), **turn.marked()}
        for uid in moved
    ]
    turn.connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == bindparam("b_id")), rows)
    for row in rows:
        for table in (INCIDENT_FINDINGS, INCIDENT_ENTITIES, INCIDENT_TECHNIQUES):
            turn.connection.execute(delete(table).where(table.c.owner_id == row["b_id"]))
    heirs: dict[str, list[Kept]] = {}
    for uid in moved:
        if over[uid] in known:
            heirs.setdefault(over[uid], []).append(known[uid])
    for uid, before in heirs.items():
        _hand_on(turn, known[uid], before, fresh=uid in fresh)


def _left(row: Kept, successor: str) -> dict[str, str]:
    """Return what stays of an incident: where another tells its story, hardly anything, since a story that grows is replaced often."""
    if not successor:
        return {"content": row.content, "plans": row.plans}
    told = incident_alone(row)
    slim = replace(told, story=(), next_steps=(), actors=(), targets=(), techniques=())
    return {"content": encoded(slim), "plans": "[]"}


def _hand_on(turn: Turn, heir: Kept, before: list[Kept], *, fresh: bool) -> None:
    called = [row.uid for row in before]
    turn.connection.execute(update(VERDICTS).where(VERDICTS.c.incident.in_(called)).values(incident=heir.uid))
    verdict, status = inherited(heir.severity_id, before)
    values = {}
    if not heir.verdict and (fresh or verdict == TRUE):
        values["verdict"] = verdict
    if fresh and heir.status == "new":
        values["status"] = status
    if any(values.values()):
        turn.connection.execute(update(INCIDENTS).where(INCIDENTS.c.id == heir.id).values(values))


def inherited(severity_id: int, before: list[Kept]) -> tuple[str, str]:
    """Return verdict and status that an incident takes over from those that went into it."""
    verdicts = {row.verdict for row in before}
    worse = severity_id > max(row.severity_id for row in before)
    agreed = len(verdicts) == 1 and not worse
    verdict = TRUE if TRUE in verdicts else verdicts.pop() if agreed else ""
    statuses = {row.status for row in before}
    if statuses == {"closed"} and agreed:
        return verdict, "closed"
    return verdict, "in_progress" if "in_progress" in statuses else "new"
