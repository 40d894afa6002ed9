from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.unanswered_port import UnansweredPort
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

HOUR = 3600.0
DEAD: dict[str, Any] = {"dst": "203.0.113.9", "port": 4444, "direction": 2}

CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "dead server, every two minutes for a day": ([flows(700, every=120.0, state="S0", **DEAD)], True),
    "dead server, every half an hour": ([flows(46, every=HOUR / 2, state="S0", **DEAD)], True),
    "refused, every minute for three hours": ([flows(180, every=60.0, state="REJ", **DEAD)], True),
    "UDP": ([flows(180, every=60.0, proto="udp", state="S0", **DEAD)], True),
    "NetFlow": ([flows(180, every=60.0, state=None, flags=2, packets_in=0, bytes_in=0, **DEAD)], True),
    "answered": ([flows(700, every=120.0, **DEAD)], False),
    "now and then answered": (
        [flows(46, every=HOUR / 2, state="S0", **DEAD), flows(40, every=HOUR / 2, **DEAD)],
        False,
    ),
    "a few tries": ([flows(8, every=60.0, state="S0", **DEAD)], False),
    "a page reloaded for five minutes": ([flows(60, every=5.0, state="S0", **DEAD)], False),
    "a scan": ([flows(500, every=60.0, dst="203.0.113.9", port=range(500), state="S0")], False),
    "knocking from outside": ([flows(700, every=120.0, src="203.0.113.9", port=22, state="S0", direction=1)], False),
    "multicast": ([flows(700, every=120.0, dst="239.255.255.250", port=1900, proto="udp", state="S0")], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(UnansweredPort, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_summary_names_who_what_and_how_long() -> None:
    hit = hits_of(UnansweredPort, flows(181, every=60.0, state="S0", **DEAD)).row(-1, named=True)
    assert hit["summary"] == "10.0.0.5 tried port 4444 of 203.0.113.9 181 times in 3.0 hours, without an answer."
