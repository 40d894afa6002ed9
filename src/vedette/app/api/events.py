"""What is new, as it happens: server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from vedette.app.api.access import Viewer
from vedette.app.api.parts import Have, Parts
from vedette.app.api.refusals import AS_JSON
from vedette.store.state.stored import Change

router = APIRouter(tags=["events"])
AT_ONCE = 200
"""Changes that are read from the store together."""
BEAT_SECONDS = 15.0
"""So often something is sent, so that nobody in between takes the line for dead."""
LONGEST_SECONDS = 900.0
"""After this a stream ends, and the listener comes again with a token that is checked anew."""
RETRY = b"retry: 3000\n\n"
Number = Annotated[
    int | None, Query(ge=0, le=2**62, description="Tell changes after this number; by default only new ones.")
]


_SAID: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream of events, until the service ends it: come again with the last ``id``.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "id": {"type": "string", "description": "The number of the change."},
                        "event": {"type": "string", "enum": ["incident", "finding"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                        "retry": {"type": "string"},
                    },
                }
            }
        },
    }
}


class Stream(StreamingResponse):
    """A stream of events."""

    media_type = "text/event-stream"


@router.get("/events", response_class=Stream, responses=AS_JSON | _SAID)
async def events(
    have: Have,
    _: Viewer,
    after: Number = None,
    kind: Annotated[Literal["incident", "finding"] | None, Query(description="Only these.")] = None,
    last_event_id: Annotated[str | None, Header(description="Sent by browsers that come again.", max_length=40)] = None,
) -> Stream:
    """Tell what changes: ``event: incident`` or ``finding`` with ``data: {"uid", "gone", "severity_id", "number", "at"}``.

    ``id`` is the change's number: with ``Last-Event-ID`` (or ``after``) a listener goes on where it was. Of a thing that changed several
    times meanwhile, only the last change is told.
    """
    newest = await run_in_threadpool(have.state.last_change)
    begin = _number(last_event_id, after, newest)
    have.feed.room()
    return Stream(_told(have, begin, kind), headers={"X-Accel-Buffering": "no"})


def _number(last_event_id: str | None, after: int | None, newest: int) -> int:
    """Return where to begin; a number that the store has not reached is one of another store."""
    given = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else after
    return newest if given is None or given > newest else given


async def _told(have: Parts, after: int, kind: str | None) -> AsyncIterator[bytes]:
    end = monotonic() + LONGEST_SECONDS
    with have.feed.listening():
        yield RETRY
        while (left := end - monotonic()) > 0 and not have.feed.closed:
            if not await have.feed.wait(after, min(BEAT_SECONDS, left)):
                yield b": beat\n\n"
                continue
            reached = have.feed.last
            changes = await run_in_threadpool(have.state.changes, after, AT_ONCE)
            if told := b"".join(_event(c) for c in changes if kind in (None, c.kind)):
                yield told
            after = changes[-1].number if changes else max(after, reached)


def _event(change: Change) -> bytes:
    data = {
        "uid": change.uid,
        "gone": change.gone,
        "severity_id": change.severity_id,
        "number": change.number,
        "at": change.at,
    }
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (
        change.number,
        change.kind.encode(),
        orjson.dumps(data, option=orjson.OPT_UTC_Z),
    )
