from __future__ import annotations

import pytest

from vedette.detectors.http_brute_force import HttpBruteForce
from vedette.events.batch import EventBatch
from vedette.testing.requests import requests
from vedette.testing.rows import hits_of

CASES: dict[str, tuple[EventBatch, bool]] = {
    "basic authentication": (requests(200, every=0.4, path="/manager/html", code=401, size=900), True),
    "a form that shows itself again": (requests(150, every=0.8, method="POST", path="/wp-login.php", size=4_312), True),
    "the last one gets in": (
        requests(120, every=1.3, method="POST", path="/login", code=[200] * 119 + [302], size=[2_100] * 119 + [0]),
        True,
    ),
    "three tries": (requests(3, every=9.0, method="POST", path="/login", code=[401, 401, 302]), False),
    "telemetry": (requests(900, every=1.7, method="POST", path="/v1/events", code=204, size=0), False),
    "a morning behind one proxy": (
        requests(200, every=7.3, method="POST", path="/login", code=[200, 302, 302, 302, 302] * 40, size=0),
        False,
    ),
    "a health check with an old password": (requests(300, every=10.0, path="/login", code=401, size=300), False),
    "an interface that answers": (
        requests(400, every=0.9, method="POST", path="/api/search", size=[i * 37 % 9_000 for i in range(400)]),
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, hostile = CASES[case]
    hits = hits_of(HttpBruteForce, batch)
    assert bool(hits.height) is hostile, hits.to_dicts()
