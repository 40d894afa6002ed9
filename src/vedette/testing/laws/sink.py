"""The laws of sinks."""

from __future__ import annotations

import polars as pl

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.testing.events import random_events
from vedette.testing.laws.action import nothing_touched

HOSTILE = (
    "line\nbreak",
    "tab\tand\r\nreturn",
    '"quotes\\"',
    "CEF:0|a|b|=\\",
    "\u2028\u2029",
    "\x00\x1b[31m",
    "\u202eevil",
    "x" * 70_000,
)
KINDS = (
    EventClass.DETECTION_FINDING,
    EventClass.INCIDENT_FINDING,
    EventClass.NETWORK_ACTIVITY,
    EventClass.DNS_ACTIVITY,
)


def _hostile(kind: EventClass) -> EventBatch:
    frame = random_events(kind, n=len(HOSTILE)).frame
    words = pl.Series("w", HOSTILE)
    texts = [words.alias(c) for c, d in frame.schema.items() if d == pl.String and c != "unmapped"]
    return EventBatch(kind, frame.with_columns(texts))


def frames_survive_hostile_values(sink: type[Sink]) -> None:
    """As many frames as rows, whatever stands in the fields; nothing for nothing."""
    for kind in KINDS:
        for batch in (_hostile(kind), random_events(kind, n=50)):
            data = sink().encode(batch)
            assert sink().frames(data) == len(batch), f"{kind.name}: rows and frames differ"
            parts = sink().parts(data)
            assert len(parts) == len(batch), f"{kind.name}: rows and parts differ"
            assert b"".join(parts) == data, f"{kind.name}: the parts are not the whole"
    empty = random_events(KINDS[0], n=1)
    assert sink().frames(sink().encode(EventBatch(empty.kind, empty.frame.clear()))) == 0


def encoding_is_pure(sink: type[Sink]) -> None:
    """Twice the same bytes, and nothing is touched."""
    batch = random_events(KINDS[0], n=20)
    with nothing_touched():
        first = sink().encode(batch)
    assert first == sink().encode(batch), "two encodings of the same rows differ"


LAWS = (frames_survive_hostile_values, encoding_is_pure)
