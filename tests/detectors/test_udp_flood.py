from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.udp_flood import UdpFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def _many(n: int) -> list[str]:
    return [f"198.{i % 250}.{i // 250}.{i % 241}" for i in range(n)]


def _udp(n: int, **columns: object) -> EventBatch:
    """One-way datagrams of 400 bytes, unless said otherwise."""
    plain: dict[str, Any] = {"packets_out": 1, "packets_in": 0, "bytes_out": 428, "bytes_in": 0, "state": "S0"}
    given: dict[str, Any] = {**plain, **columns}
    return flows(n, proto="udp", **given)


def _both(n: int, **columns: object) -> EventBatch:
    return _udp(n, **{"packets_out": 20, "packets_in": 30, "bytes_in": 20_000, "state": "SF", **columns})


CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "many sources": ((_udp(5000, every=0.004, src=_many(5000), port=4444),), True),
    "a twentieth of a second": ((_udp(5000, every=0.00001, src=_many(5000), port=4444),), True),
    "one source, one flow": ((_udp(1, seconds=30.0, packets_out=600_000, bytes_out=600_000_000),), True),
    "one source, random ports": (
        (_udp(30_000, every=0.001, port=[i % 65_000 for i in range(30_000)], bytes_out=1028),),
        True,
    ),
    "a dozen DNS clients": ((_both(3000, every=0.02, dst="10.0.0.53", port=53),), False),
    "video call": ((_both(2, seconds=50.0, packets_out=9000, packets_in=9000, port=3478),), False),
    "QUIC download": ((_both(40, seconds=20.0, packets_in=90_000, port=443),), False),
    "syslog of six hosts": (
        (_udp(6, seconds=59.0, src=_many(6), port=514, packets_out=6000, bytes_out=2_000_000),),
        False,
    ),
    "a NetFlow exporter in a hurry": (
        (_udp(1, seconds=59.0, port=2055, packets_out=120_000, bytes_out=160_000_000),),
        False,
    ),
    "IPTV, multicast": ((_udp(1, seconds=59.0, dst="239.1.1.1", packets_out=900_000, bytes_out=1_200_000_000),), False),
    "UDP scan": ((_udp(3000, every=0.01, port=list(range(1, 3001)), bytes_out=28),), False),
    "unanswered torrent pings": ((_udp(600, every=0.09, src=_many(600), port=6881, bytes_out=130),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(UdpFlood, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_flood_that_leaves_our_network_is_called_outbound() -> None:
    batch = _udp(1, seconds=30.0, packets_out=600_000, bytes_out=600_000_000, dst="203.0.113.80", direction=2)
    assert hits_of(UdpFlood, batch)["title"].to_list() == ["Outbound UDP flood"]
