from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.icmp_tunnel import IcmpTunnel
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def echoes(asked: int, replied: int, up: int, down: int, **columns: object) -> EventBatch:
    """Return one flow of echo requests with so many packets and bytes of data each way, half an hour long."""
    given: dict[str, Any] = {"src": "10.0.0.5", "dst": "203.0.113.9", "sport": 8, "port": 0, **columns}
    return flows(
        1,
        proto="icmp",
        state=None,
        seconds=1800.0,
        packets_out=asked,
        packets_in=replied,
        payload_out=up,
        payload_in=down,
        **given,
    )


SWEEP = sum(range(1000, 1100))

CASES: dict[str, tuple[EventBatch, bool]] = {
    "a shell over a proxy of TCP in pings": (echoes(900, 1100, 60_000, 220_000), True),
    "IP in pings, browsing": (echoes(4000, 6000, 400_000, 5_000_000), True),
    "a reverse shell in replies": (echoes(3000, 3000, 15_000, 1200), True),
    "a file in requests, replies empty": (echoes(2000, 2000, 1_900_333, 0), True),
    "ping": (echoes(4, 4, 224, 224), False),
    "a monitor, an hour": (echoes(3600, 3590, 3600 * 56, 3590 * 56), False),
    "a monitor that hears nothing": (echoes(3600, 0, 3600 * 56, 0), False),
    "a flood of large pings": (echoes(100_000, 99_000, 147_200_000, 145_728_000), False),
    "a test of growing sizes": (echoes(100, 100, SWEEP, SWEEP), False),
    "the same with losses": (echoes(100, 90, SWEEP, SWEEP - sum(range(1090, 1100))), False),
    "a shell that waits": (echoes(3000, 2990, 0, 20), False),
    "one large fragmented ping": (echoes(49, 2, 66_940, 20), False),
    "replies cut short": (echoes(10, 10, 14_720, 640), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batch, notable = CASES[case]
    hits = hits_of(IcmpTunnel, batch)
    assert bool(hits.height) is notable, hits.to_dicts()


def test_a_host_that_all_ping_is_no_tunnel_unless_much_differs() -> None:
    shell = echoes(3000, 3000, 15_000, 1200)
    others = [echoes(10, 10, 560, 560, src=f"10.0.0.{n}") for n in range(20, 40)]
    assert hits_of(IcmpTunnel, shell).height == 1
    assert hits_of(IcmpTunnel, shell, *others).height == 0


def test_it_tells_how_much_went_each_way() -> None:
    hit = hits_of(IcmpTunnel, echoes(4000, 6000, 400_000, 5_000_000)).row(0, named=True)
    assert hit["summary"].startswith(
        "10.0.0.5 carried about 400.0 KB to 203.0.113.9 in 4,000 echo requests, and 5.0 MB back in 6,000 replies"
    ), hit["summary"]
    assert hit["severity"] == Severity.HIGH
