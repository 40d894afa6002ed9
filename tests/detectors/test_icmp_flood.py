from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.icmp_flood import IcmpFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def _icmp(n: int, **columns: object) -> EventBatch:
    plain: dict[str, Any] = {"packets_out": 1, "packets_in": 0, "bytes_out": 84, "bytes_in": 0, "state": "OTH"}
    given: dict[str, Any] = {**plain, "sport": 8, "port": 0, **columns}
    return flows(n, proto="icmp", **given)


CASES: dict[str, tuple[EventBatch, bool]] = {
    "ping -f": (_icmp(1, seconds=10.0, packets_out=20_000, packets_in=20_000), True),
    "smurf": (_icmp(4000, every=0.002, src=[f"198.51.{i % 200}.{i % 250}" for i in range(4000)], sport=0), True),
    "a twentieth of a second": (_icmp(800, every=0.00005, src=[f"198.51.{i % 200}.7" for i in range(800)]), True),
    "a monitor": (_icmp(3, seconds=50.0, packets_out=50, packets_in=50), False),
    "unreachables after a DNS outage": (_icmp(150, every=0.001, sport=3, port=3), False),
    "ping sweep, seen at one target": (_icmp(2, every=1.0), False),
    "pings to a group": (_icmp(1, seconds=50.0, dst="224.0.0.1", packets_out=90_000), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, hostile = CASES[case]
    hits = hits_of(IcmpFlood, batch)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_flood_that_leaves_our_network_is_called_outbound() -> None:
    batch = _icmp(1, seconds=10.0, packets_out=20_000, dst="203.0.113.80", direction=2)
    assert hits_of(IcmpFlood, batch)["title"].to_list() == ["Outbound ICMP flood"]
