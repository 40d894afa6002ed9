"""Entities: what findings are about, and what is normal for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from vedette.app.api.access import Viewer
from vedette.app.api.parts import Have
from vedette.app.api.portraits import Baseline
from vedette.app.api.refusals import missing
from vedette.app.api.shapes import EntityPage, Paging, Text, entity_line

router = APIRouter(prefix="/entities", tags=["entities"])


class EntityPaging(Paging):
    """Which entities."""

    text: Text = ""
    """A part of the value."""


@router.get("")
def entities(have: Have, _: Viewer, asked: Annotated[EntityPaging, Query()]) -> EntityPage:
    """List what findings are about, newest first."""
    page = have.state.entities(asked.after, asked.limit, asked.text)
    return EntityPage(items=[entity_line(e) for e in page.items], next=page.next)


@router.get("/baselines")
def baselines(
    have: Have,
    _: Viewer,
    name: Annotated[
        list[Text],
        Query(min_length=1, max_length=2, description="An address, a host, a domain; two for what is between them."),
    ],
) -> list[Baseline]:
    """Tell what is normal for an entity, in every baseline that knows it."""
    found = have.portraits.of(tuple(name))
    if not found:
        raise missing("name in any baseline", where="query.name")
    return found
