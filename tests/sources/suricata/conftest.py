"""How the tests of this folder put one record into an event's columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.frames import Fields, batch
from vedette.sources.suricata.records import Eve

HEAD = {"timestamp": "2026-01-02T00:00:00.0+0000", "event_type": "x"}


@pytest.fixture(scope="session")
def columns() -> Callable[..., dict[str, Any]]:
    """Return a function from an event type and the rest of a record to the columns that are not null."""

    def columns_of(event: Event, **rest: object) -> dict[str, Any]:
        fields = Fields(event)
        fields.extend([msgspec.json.decode(msgspec.json.encode(HEAD | rest), type=Eve)], [0])
        (row,) = batch(fields.frame(), event).frame.to_dicts()
        return {n: v for n, v in row.items() if v is not None}

    return columns_of
