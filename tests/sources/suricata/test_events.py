"""All event types together: no part that is taken is dropped, and every column has a place."""

from __future__ import annotations

import pytest

from vedette.events.schema import SCHEMAS
from vedette.sources.suricata.events import EVENTS
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.records import Eve


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_a_type_reads_the_object_of_its_name(name: str, event: Event) -> None:
    assert name in Eve.__struct_fields__  # else its records would all be OTHER
    assert event.columns.keys() <= SCHEMAS[event.kind].keys()
    assert event.parts[0].split(".")[0] in {name, "flow"}


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_every_part_that_is_fetched_is_read(name: str, event: Event) -> None:
    read = {root for e in event.columns.values() for root in e.meta.root_names()}
    assert event.time in read | {"timestamp"}
    assert [p for p in event.parts if not any(r.startswith(p + ".") for r in read)] == [], name
