from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.slow_http import SlowHttp
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def _web(n: int, **columns: object) -> EventBatch:
    given: dict[str, Any] = {
        "src": "203.0.113.5",
        "port": 80,
        "seconds": 200.0,
        "payload_out": 400,
        "payload_in": 0,
        **columns,
    }
    return flows(n, **given)


CLIENTS = [f"198.51.100.{i % 250}" for i in range(3000)]

CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "slowloris": ((_web(300),), True),
    "slow POST, three sources": ((_web(400, src=[f"203.0.113.{i % 3}" for i in range(400)], payload_out=3_000),), True),
    "slowloris amid visitors": (
        (_web(500), _web(400, src=CLIENTS[:400], seconds=1.0, payload_out=700, payload_in=30_000, every=0.2)),
        True,
    ),
    "busy and healthy": ((_web(3000, src=CLIENTS, seconds=2.0, payload_in=40_000, every=0.1),), False),
    "connections kept alive": ((_web(900, src=CLIENTS[:900], seconds=60.0, payload_in=3_000, every=0.2),), False),
    "web sockets of an office behind one address": ((_web(300, seconds=500.0, payload_in=900),), False),
    "a few that hang": ((_web(4), _web(300, src=CLIENTS[:300], seconds=1.0, payload_in=9_000)), False),
    "a big download": ((_web(1, seconds=300.0, payload_in=900_000_000),), False),
    "half open is another's": ((_web(500, state="S0", payload_out=0),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(SlowHttp, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()
