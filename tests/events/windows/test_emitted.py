"""Which classes there are."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.events.windows.emitted import EMITTED


def test_each_once() -> None:
    assert len(EMITTED) == len(set(EMITTED))
    assert {EventClass.EVENT_LOG, EventClass.PROCESS_ACTIVITY, EventClass.REGISTRY_KEY_ACTIVITY} <= set(EMITTED)
