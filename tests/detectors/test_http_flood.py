from __future__ import annotations

import pytest

from vedette.detectors.http_flood import HttpFlood
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.requests import requests
from vedette.testing.rows import hits_of

CLIENTS = [f"198.51.{i % 90}.{i % 250}" for i in range(20_000)]
PAGES = [f"/page/{i % 700}" for i in range(20_000)]

CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "one source, one path, the server fails": ((requests(6000, every=0.008, code=503),), True),
    "one source, one path, served": ((requests(30_000, every=0.0018),), True),
    "two hundred bots, no answers": (
        (requests(20_000, every=0.003, src=[f"203.0.113.{i % 200}" for i in range(20_000)], code=None),),
        True,
    ),
    "busy and healthy": ((requests(18_000, every=0.003, src=CLIENTS[:18_000], path=PAGES[:18_000]),), False),
    "flash crowd for one page": (
        (requests(6000, every=0.01, src=CLIENTS[:6000], path=[["/news", *PAGES][i % 40] for i in range(6000)]),),
        False,
    ),
    "an office behind one proxy": ((requests(900, every=0.06, path=PAGES[:900]),), False),
    "polling each second": ((requests(60, path="/status"),), False),
    "a crawler": ((requests(600, every=0.1, path=PAGES[:600]),), False),
    "a page with a hundred parts": ((requests(100, every=0.01, path=PAGES[:100]),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(HttpFlood, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_is_worse_when_the_server_fails() -> None:
    grades = {case: max(hits_of(HttpFlood, *CASES[case][0])["severity"]) for case in CASES if CASES[case][1]}
    assert grades["one source, one path, served"] == Severity.MEDIUM
    assert grades["one source, one path, the server fails"] == Severity.HIGH


def test_a_server_without_an_address_is_told_by_its_name() -> None:
    """An access log names the client only."""
    hits = hits_of(HttpFlood, requests(6_000, every=0.005, path="/search", code=503, dst=None))
    assert hits["summary"][0].startswith("shop.example got 6,000 requests (200 a second) from 1 sources")
