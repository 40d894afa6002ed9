from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from vedette.detectors.port_scan_block import PortScanBlock
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

NOTHING: Mapping[str, Any] = {}


def hosts(n: int) -> list[str]:
    return [f"10.1.{i // 200}.{i % 200 + 1}" for i in range(n)]


def grid(
    hosts_: int, ports: int, every: float = 0.01, state: str | list[str] = "S0", also: Mapping[str, Any] = NOTHING
) -> EventBatch:
    """Every port on every host, host by host."""
    dst = [h for h in hosts(hosts_) for _ in range(ports)]
    return flows(hosts_ * ports, every=every, dst=dst, port=list(range(20, 20 + ports)) * hosts_, state=state, **also)


CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "a hundred ports of fifty hosts": ([grid(50, 100, state="REJ")], True),
    "ten of ten": ([grid(10, 10, state="S0")], True),
    "UDP": ([grid(20, 8, also={"proto": "udp"})], True),
    "slow: a probe a minute": ([grid(20, 20, every=60.0, state="S0")], True),
    "beside a browser": ([grid(20, 10, state="S0"), flows(100, dst=hosts(100))], True),
    "vertical": ([grid(1, 1000, state="REJ")], False),
    "horizontal": ([grid(1000, 1, state="REJ")], False),
    "BitTorrent": (
        [flows(900, dst=hosts(900), port=[7000 + 37 * i for i in range(900)], state=["S0", "S0", "SF"] * 300)],
        False,
    ),
    "BitTorrent, TCP and UDP, nobody there": (
        [
            flows(900, dst=hosts(900), port=[7000 + 37 * i for i in range(900)], state="S0"),
            flows(900, dst=hosts(900), port=[7000 + 37 * i for i in range(900)], proto="udp", state="S0"),
        ],
        False,
    ),
    "web and secure web to dead sites": ([grid(12, 2, state="S0")], False),
    "domain members find a controller": (
        [grid(6, 9, state="SF"), flows(9, dst="10.9.9.9", port=range(20, 29), state="S0")],
        False,
    ),
    "monitoring, all well": ([grid(50, 20, state="SF")], False),
    "monitoring, one host down": ([grid(50, 20, state=["S0"] * 20 + ["SF"] * 980)], False),
    "a flood from many": ([flows(3000, src=hosts(3000), port=range(3000), state="S0")], False),
    "backscatter": ([grid(50, 50, state="SHR", also={"sport": 80})], False),
}


@pytest.mark.parametrize("case", CASES)
def test_scans_and_what_looks_like_them(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(PortScanBlock, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_a_summary_names_who_what_and_how() -> None:
    hit = hits_of(PortScanBlock, grid(20, 10, state="S0")).row(0, named=True)
    assert hit["summary"] == (
        "10.0.0.5 tried 10 ports on 20 hosts in 2.0 s, such as 10.1.0.1, 10.1.0.9: "
        "200 of 200 pairs led nowhere. Kind: TCP SYN."
    )


def test_a_scanner_inside_is_worse() -> None:
    outside: dict[str, Any] = {"src": "203.0.113.9", "direction": 1}
    found = [
        hits_of(PortScanBlock, b)["severity"][0]
        for b in (grid(9, 9, state="S0"), grid(50, 50, also=outside), grid(9, 9, also=outside))
    ]
    assert found == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
