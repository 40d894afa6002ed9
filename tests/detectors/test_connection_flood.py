from __future__ import annotations

import random
from typing import Any

import pytest

from vedette.detectors.connection_flood import ConnectionFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

CHANCE = random.Random(7)


def _web(n: int, **columns: object) -> EventBatch:
    given: dict[str, Any] = {"src": "203.0.113.5", "direction": 1, "payload_in": 11_600, "every": 59.0 / n, **columns}
    return flows(n, **given)


def _any_size(n: int) -> list[int]:
    return [int(CHANCE.lognormvariate(9.0, 1.5)) for _ in range(n)]


CASES: dict[str, tuple[EventBatch, bool]] = {
    "the same page, thousands of times": (_web(8000), True),
    "nearly the same page": (_web(3000, payload_in=[11_000 + i % 900 for i in range(3000)]), True),
    "a browser in a hurry": (_web(80, payload_in=_any_size(80)), False),
    "an office behind one proxy": (_web(1000, payload_in=_any_size(1000)), False),
    "a health check each second": (_web(60, payload_in=200), False),
    "an application and its interface": (_web(900, payload_in=900, direction=3), False),
    "a crawler": (_web(500, payload_in=_any_size(500)), False),
    "half open is another's": (_web(8000, state="S0"), False),
    "many clients": (_web(8000, src=[f"198.51.{i % 99}.{i % 250}" for i in range(8000)]), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, hostile = CASES[case]
    hits = hits_of(ConnectionFlood, batch)
    assert bool(hits.height) is hostile, hits.to_dicts()
