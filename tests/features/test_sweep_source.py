from __future__ import annotations

from typing import Any

import pytest

from vedette.features.sweep_source import KINDS, SweepSource
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of

HOSTS = [f"10.1.0.{i}" for i in range(1, 101)]
CASES: list[tuple[dict[str, Any], str | None]] = [
    ({"proto": "icmp", "sport": 8}, "echo"),
    ({"proto": "icmp", "sport": 13}, "timestamp"),
    ({"proto": "icmp", "sport": 15}, "information"),
    ({"proto": "icmp", "sport": 17}, "address mask"),
    ({"proto": "icmp", "sport": None}, "echo"),
    ({"proto": "icmp", "sport": 0, "port": 8 * 256}, "echo"),
    ({"proto": "icmp", "sport": 0, "port": 0}, None),
    ({"proto": "icmp", "sport": 3, "port": 1}, None),
    ({"proto": "icmp6", "sport": 128}, "echo"),
    ({"proto": "icmp6", "sport": 135}, None),
    ({"proto": "arp", "sport": None, "port": None}, "ARP"),
    ({"proto": "tcp", "sport": 8}, None),
    ({"proto": "icmp", "sport": 8, "dst": "224.0.0.1"}, None),
]


@pytest.mark.parametrize(("flow", "kind"), CASES, ids=str)
def test_requests(flow: dict[str, Any], kind: str | None) -> None:
    rows = rows_of(SweepSource, flows(state="OTH", **flow))
    assert rows["kinds"].unique().to_list() == ([KINDS[kind]] if kind else [])


def test_a_host_that_answers_once_is_there() -> None:
    ping: dict[str, Any] = {"proto": "icmp", "sport": 8, "port": 0, "state": "OTH"}
    first = flows(100, dst=HOSTS, packets_in=0, **ping)
    again = flows(100, dst=HOSTS, packets_in=[1] * 30 + [0] * 70, **ping)
    row = rows_of(SweepSource, first, again).row(0, named=True)
    assert (row["failed"], row["answered"], row["requests"]) == (70, 30, 200)
