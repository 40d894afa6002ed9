from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.port_scan_horizontal import PortScanHorizontal
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def hosts(n: int, net: int = 1) -> list[str]:
    return [f"10.{net}.{i // 200}.{i % 200 + 1}" for i in range(n)]


HOUR = 3600.0
MIXED = ["S0"] + ["SF"] * 9

CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "worm on SMB": ([flows(254, every=0.05, dst=hosts(254), port=445, state=["SF"] * 10 + ["S0"] * 244)], True),
    "refused everywhere": ([flows(60, every=0.1, dst=hosts(60), port=23, state="REJ")], True),
    "half-open and reset": ([flows(60, every=0.1, dst=hosts(60), port=22, state="RSTO")], True),
    "UDP: SNMP": ([flows(100, every=0.1, dst=hosts(100), port=161, proto="udp", state="S0")], True),
    "slow: a host every ten minutes": ([flows(90, every=600.0, dst=hosts(90), port=3389, state="S0")], True),
    "FIN": ([flows(60, dst=hosts(60), port=80, state="SH")], True),
    "behind a busy gateway": (
        [
            flows(5000, every=0.05, dst=hosts(5000, 9), state=MIXED * 500),
            flows(100, dst=hosts(100), port=445, state="S0"),
        ],
        True,
    ),
    "NetFlow without states": (
        [flows(60, dst=hosts(60), port=22, state=None, flags=2, packets_out=1, bytes_out=44, packets_in=0, bytes_in=0)],
        True,
    ),
    "proxy: a tenth fails": ([flows(5000, every=0.05, dst=hosts(5000), state=MIXED * 500)], False),
    "resolver": ([flows(4000, every=0.05, dst=hosts(4000), port=53, proto="udp", state=MIXED * 400)], False),
    "mail exchange: a third fails": (
        [flows(900, every=1.0, dst=hosts(900), port=25, state=["S0", "SF", "SF"] * 300)],
        False,
    ),
    "browser": ([flows(100, every=3.0, dst=hosts(60) + hosts(40), state=["SF"] * 97 + ["S0"] * 3)], False),
    "QUIC blocked, TCP works": (
        [flows(60, every=3.0, dst=hosts(60), proto="udp", state="S0"), flows(60, every=3.0, dst=hosts(60))],
        False,
    ),
    "BitTorrent: a port for each peer": (
        [
            flows(
                600, every=0.5, dst=hosts(600), port=[7000 + 37 * i for i in range(600)], state=["S0", "S0", "SF"] * 200
            )
        ],
        False,
    ),
    "Gnutella: nobody there any more": ([flows(81, every=2.0, dst=hosts(81), port=6346, state="S0")], False),
    "BitTorrent: the common port": (
        [flows(60, every=2.0, dst=hosts(60), port=6881, state=["S0", "S0", "SF"] * 20)],
        False,
    ),
    "monitoring": ([flows(5000, every=1.0, dst=hosts(50) * 100, port=22, state=["SF"] * 4900 + ["S0"] * 100)], False),
    "load balancer's health checks": (
        [flows(4000, every=0.5, dst=hosts(8) * 500, port=8080, payload_out=0, payload_in=0)],
        False,
    ),
    "a dead server, asked again and again": ([flows(5000, every=1.0, state="S0")], False),
    "printers that are gone": ([flows(240, every=60.0, dst=hosts(6) * 40, port=9100, state="S0")], False),
    "a busy server": ([flows(3000, every=0.1, src=hosts(3000), port=80, state=["S0"] + ["SF"] * 2999)], False),
    "a flood from many": ([flows(3000, every=0.001, src=hosts(3000), port=80, state="S0")], False),
    "broadcasts": ([flows(60, dst=[f"10.0.{i}.255" for i in range(60)], port=137, proto="udp", state="S0")], False),
    "multicast": ([flows(60, dst=[f"224.0.0.{i}" for i in range(60)], port=5353, proto="udp", state="S0")], False),
    "DHCP": ([flows(500, every=5.0, dst="255.255.255.255", sport=68, port=67, proto="udp", state="S0")], False),
    "backscatter of a flood's victim": ([flows(900, dst=hosts(900), sport=80, port=1024, state="SHR")], False),
    "backscatter: resets": ([flows(900, dst=hosts(900), sport=80, port=1024, state="RSTOS0")], False),
    "mid-stream": ([flows(900, dst=hosts(900), sport=80, port=50_000, state="OTH", history="DdA", flags=24)], False),
    "answers of a name server, one way": (
        [flows(900, dst=hosts(900), sport=53, port=50_000, proto="udp", state="S0")],
        False,
    ),
    "a browser's spare connections": (
        [flows(60, every=1.0, dst=hosts(60), payload_out=[0, *[500] * 5] * 10, payload_in=[0, *[900] * 5] * 10)],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_scans_and_what_looks_like_them(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(PortScanHorizontal, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_summary_names_who_what_and_how() -> None:
    hit = hits_of(PortScanHorizontal, flows(100, every=0.1, dst=hosts(100), port=445, state="S0")).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 tried port 445 of 100 hosts in 9.9 s, such as 10.1.0.1, 10.1.0.99: 100 led nowhere. Kind: TCP SYN."
    )
    assert hit["hosts"] == ["10.1.0.1", "10.1.0.99"]


def test_a_scanner_inside_is_worse() -> None:
    ends: dict[str, Any] = {"port": 22, "state": "S0"}
    inside = flows(200, dst=hosts(200), **ends)
    wide = flows(200, dst=hosts(200), src="203.0.113.9", direction=1, **ends)
    narrow = flows(40, dst=hosts(40), src="203.0.113.9", direction=1, **ends)
    found = [hits_of(PortScanHorizontal, batch)["severity"][0] for batch in (inside, wide, narrow)]
    assert found == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
