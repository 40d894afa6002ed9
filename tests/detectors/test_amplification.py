from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.amplification import Amplification
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

VICTIM = "203.0.113.9"


def _many(n: int) -> list[str]:
    return [f"198.{i % 250}.{i // 250}.{i % 241}" for i in range(n)]


def _udp(n: int, sport: int, size: int = 1400, **columns: object) -> EventBatch:
    plain: dict[str, Any] = {"packets_out": 2, "packets_in": 0, "bytes_out": 2 * size, "bytes_in": 0, "state": "S0"}
    given: dict[str, Any] = {**plain, "src": _many(n), "dst": VICTIM, "port": 30_120, **columns}
    return flows(n, proto="udp", sport=sport, **given)


CASES: dict[str, tuple[EventBatch, str]] = {
    "DNS": (_udp(900, 53, every=0.01), "DNS amplification"),
    "NTP monlist": (_udp(900, 123, 468, every=0.01), "NTP amplification"),
    "memcached, few servers, fast": (
        _udp(12, 11211, seconds=20.0, packets_out=50_000, bytes_out=70_000_000),
        "memcached amplification",
    ),
    "CLDAP, a twentieth of a second": (_udp(500, 389, every=0.0001), "CLDAP amplification"),
    "BACnet, small answers": (_udp(6000, 47808, 130, every=0.000004), "BACnet amplification"),
    "DVR discovery": (_udp(2000, 37810, 750, every=0.00001), "DVR discovery amplification"),
    "a service nobody knows yet": (_udp(900, 7001, 900, every=0.005), "UDP reflection, port 7001"),
    "late answers of a resolver": (_udp(4, 53, 200, every=5.0), ""),
    "answers that were asked for": (_udp(900, 53, every=0.01, packets_in=1, state="SF"), ""),
    "NTP among equals": (_udp(20, 123, 76, every=3.0, port=123), ""),
    "unanswered DHT pings": (_udp(60, 6881, 140, every=1.0), ""),
    "an exporter with a fixed port": (_udp(3, 2055, 1400, seconds=50.0, packets_out=900, bytes_out=1_200_000), ""),
    "NetBIOS chatter": (_udp(40, 137, 78, every=1.0, port=137), ""),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, title = CASES[case]
    hits = hits_of(Amplification, batch)
    assert hits["title"].to_list() == ([title] if title else []), hits.to_dicts()


def test_tells_that_the_sources_are_victims_too() -> None:
    hit = hits_of(Amplification, CASES["DNS"][0]).row(0, named=True)
    assert VICTIM in hit["summary"]
    assert "never asked for" in hit["summary"]
