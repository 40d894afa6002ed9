from __future__ import annotations

from vedette.app.live.recent import Recent
from vedette.events.schema import EventClass
from vedette.events.size import memory_bytes
from vedette.testing.flows import flows


def test_what_came_last_stays() -> None:
    size = memory_bytes(flows(100).frame)
    kept = Recent(most_bytes=3 * size)
    batches = [flows(100, src=f"10.0.0.{n}") for n in range(5)]
    for batch in batches:
        kept.add(batch)
    held = list(kept.read(EventClass.NETWORK_ACTIVITY))
    assert held == batches[5 - len(held) :]
    assert 1 <= len(held) <= 3
    assert not list(kept.read(EventClass.DNS_ACTIVITY))
    kept.close()
    assert not list(kept.read(EventClass.NETWORK_ACTIVITY))
