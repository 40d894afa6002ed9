"""What only an administrator may: the audit log, tokens, names behind pseudonyms, erasure of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from vedette.app.api.access import Admin
from vedette.app.api.parts import Have
from vedette.app.api.refusals import Denied
from vedette.app.api.shapes import Erasure, Named, Paging, Shape
from vedette.app.door import vault
from vedette.trust.privacy.tokens import TOKEN

router = APIRouter(tags=["administration"])


class NoteShape(Shape):
    """A line of the audit log."""

    number: int
    at: datetime
    who: str
    what: str
    about: str
    detail: str


class NotePage(Shape):
    """A part of the audit log, newest first."""

    items: list[NoteShape]
    next: str


class TokenShape(Shape):
    """A token, without its secret."""

    uid: str
    name: str
    role: str
    made: datetime
    expires: datetime | None
    revoked: datetime | None


class NameShape(Shape):
    """Who stands behind a token of a pseudonym."""

    token: str
    name: str | None
    """Nothing: it is not in the list."""


class Erased(Shape):
    """What was erased."""

    changed: int
    """Findings, incidents and rows of evidence in which a token stands in place of the value now."""
    events: int
    """Events that are gone from the lake."""


@router.get("/audit")
def audit(have: Have, _: Admin, asked: Annotated[Paging, Query()]) -> NotePage:
    """List who did what, and who was refused, newest first."""
    page = have.state.audit(asked.after, asked.limit)
    return NotePage(items=[NoteShape.model_validate(n, from_attributes=True) for n in page.items], next=page.next)


@router.get("/tokens")
def tokens(have: Have, _: Admin) -> list[TokenShape]:
    """List the tokens of this API. ``vedette token`` makes and revokes them."""
    return [TokenShape.model_validate(t, from_attributes=True) for t in have.state.tokens()]


@router.post("/names")
def names(have: Have, caller: Admin, asked: Named) -> list[NameShape]:
    """Tell who stands behind pseudonyms. The question is written down, here and in the audit log of pseudonyms, before it is answered."""
    wanted = tuple(dict.fromkeys(t for t in asked.tokens if TOKEN.fullmatch(t)))
    if not wanted:
        raise Denied(422, "these are no tokens of pseudonyms", where="body.tokens")
    have.note(caller, "names", f"{len(wanted)} tokens", asked.reason)
    found = vault().names(wanted, f"{caller.name}: {asked.reason}")
    return [NameShape(token=t, name=found.get(t)) for t in wanted]


@router.post("/erasures")
def erase(have: Have, caller: Admin, asked: Erasure) -> Erased:
    """Put a token in the place of a person, host or other entity in all findings, and remove the events that name it. There is no undo.

    The service forgets it too: in memory, checkpoints and baselines. It returns when all is done, which may take minutes. Not
    touched: backups, the journal of responses, and what was sent on.
    """
    have.note(caller, "erase", asked.kind.value, asked.reason)  # not whom: that would keep it
    have.state.begin_erasure(asked.kind, asked.value)
    events = have.service.erase(asked.value)
    return Erased(changed=have.state.erase(asked.kind, asked.value), events=events)
