"""What was chosen for a sink, written as messages: many at once, because a sink writes columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from vedette.abc import Message, Sink
from vedette.app.live.chosen import Chosen
from vedette.events.batch import EventBatch
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.incidents.words import visible
from vedette.model import Finding, Incident

TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A message and what it is about; a message that the sink could not write is None."""

    chosen: Chosen
    message: Message | None


def written(sink: Sink, chosen: Sequence[Chosen], broke: Callable[[Chosen], None]) -> list[Item]:
    """Return a message for each, in order.

    Args:
        sink: how they are written.
        chosen: what is to be told.
        broke: called, while the error is handled, for each that the sink cannot write.
    """
    items: dict[int, Item] = {}
    for kind in (Incident, Finding):
        numbered = [(n, c) for n, c in enumerate(chosen) if isinstance(c.thing, kind)]
        messages = _messages(sink, [c for _, c in numbered], broke)
        items.update({n: Item(c, message) for (n, c), message in zip(numbered, messages, strict=True)})
    return [items[n] for n in range(len(chosen))]


def _messages(sink: Sink, chosen: Sequence[Chosen], broke: Callable[[Chosen], None]) -> list[Message | None]:
    if not chosen:
        return []
    try:
        parts = sink.parts(sink.encode(batch_of(chosen)))
        return [_message(sink, c, data) for c, data in zip(chosen, parts, strict=True)]
    except Exception:  # noqa: BLE001 - the edge of plug-ins: the one that it cannot write must not take the others with it
        if len(chosen) == 1:
            broke(chosen[0])
            return [None]
        return [message for c in chosen for message in _messages(sink, [c], broke)]


def _message(sink: Sink, chosen: Chosen, data: bytes) -> Message:
    thing = chosen.thing
    key = chosen.key or f"{thing.uid}.{blake2b(data, digest_size=8).hexdigest()}"
    return Message(
        key=key,
        data=data,
        media_type=sink.media_type,
        title=visible(thing.title, TITLE_LIMIT),
        severity_id=int(thing.severity),
        about=thing.uid,
        at=thing.last_seen.timestamp(),
    )


def batch_of(chosen: Sequence[Chosen]) -> EventBatch:
    """Return things of one kind as rows of OCSF that say what happened to them."""
    things = [c.thing for c in chosen]
    incidents = [t for t in things if isinstance(t, Incident)]
    batch = incidents_batch(incidents) if incidents else findings_batch([t for t in things if isinstance(t, Finding)])
    said = {"activity_id": [c.activity for c in chosen], "status_id": [c.status for c in chosen]}
    columns = [pl.Series(c, values, dtype=batch.frame.schema[c]) for c, values in said.items()]
    return EventBatch(batch.kind, batch.frame.with_columns(columns), batch.records)
