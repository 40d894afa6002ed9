from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.features.contact import KINDS, REQUIRES, USES, outcome
from vedette.testing.flows import flows

ANSWERED, NEITHER = "answered", "neither"
NO_DATA: dict[str, Any] = {"payload_out": 0, "payload_in": 0}
NETFLOW: dict[str, Any] = {"state": None, "packets_out": 1, "bytes_out": 44}

# what a flow looks like -> what came of it: a kind of probe, an answer, or neither
CASES: list[tuple[dict[str, Any], str]] = [
    ({"state": "SF"}, ANSWERED),
    ({"state": "S1"}, ANSWERED),
    ({"state": "RSTR"}, ANSWERED),
    ({"state": "S0"}, "TCP SYN"),
    ({"state": "REJ"}, "TCP SYN"),
    ({"state": "RSTOS0", "history": "SR"}, "TCP SYN"),
    ({"state": "SH", "history": "SF"}, "TCP SYN"),
    ({"state": "RSTO"}, "TCP half-open"),
    ({"state": "RSTO", "history": "ShAR"}, "TCP connect"),
    ({"state": "SF", "history": "ShAFf", **NO_DATA}, "TCP connect"),
    ({"state": "S1", "history": "ShA", **NO_DATA}, ANSWERED),  # it may still speak
    ({"state": "SH", "history": "F"}, "TCP FIN"),
    ({"state": "RSTR", "history": "Fr", **NO_DATA}, "TCP FIN"),
    ({"state": "OTH", "history": None, "flags": 1}, "TCP FIN"),
    ({"state": "SH", "history": "F", "flags": 41}, "TCP Xmas"),
    ({"state": "OTH", "history": None, "flags": 41}, "TCP Xmas"),
    ({"state": "OTH", "history": "", "flags": 0}, "TCP NULL"),
    ({"state": "RSTRH", "history": "r", "flags": 20}, "TCP NULL"),
    ({"state": "RSTRH", "history": "Ar", "flags": 20}, "TCP ACK"),
    ({"state": "SH", "history": "F", "sport": 443}, NEITHER),  # the end of what began before
    ({"state": "SH", "history": "F", "flags": 17}, NEITHER),
    ({"state": "SH", "history": "SADF"}, NEITHER),  # the answers went another way
    ({"state": "S0", "history": None, "flags": 26}, NEITHER),
    ({"state": "SHR"}, NEITHER),
    ({"state": "RSTOS0"}, NEITHER),
    ({"state": "RSTRH"}, NEITHER),
    ({"state": "OTH", "history": "DA", "packets_in": 0}, NEITHER),
    ({"state": "OTH", "history": "DdA", "packets_in": 4}, ANSWERED),
    ({"proto": "udp", "state": "SF"}, ANSWERED),
    ({"proto": "udp", "state": "S0"}, "UDP"),
    ({"proto": "udp", "state": "S0", "sport": 53, "port": 40_000}, NEITHER),
    ({"proto": "udp", "state": "S0", "sport": 123, "port": 123}, "UDP"),
    ({"proto": "udp", "state": "S0", "port": 33_440}, NEITHER),
    ({"proto": "udp", "state": "S0", "dst": "224.0.0.251"}, NEITHER),
    ({"proto": "udp", "state": "S0", "dst": "10.0.0.255"}, NEITHER),
    ({"proto": "udp", "state": "S0", "dst": "ff02::fb"}, NEITHER),
    ({"proto": "udp", "state": "SHR"}, NEITHER),
    ({"proto": "udp", **NETFLOW, "bytes_in": 0}, "UDP"),
    ({"proto": "udp", **NETFLOW, "bytes_in": 90}, ANSWERED),
    ({"proto": "udp", **NETFLOW}, NEITHER),  # one direction only: nobody knows
    ({**NETFLOW, "flags": 2}, "TCP SYN"),
    ({**NETFLOW, "flags": 22, "packets_in": 1, "bytes_in": 40}, "TCP SYN"),
    ({**NETFLOW, "flags": 1, "bytes_in": 0}, "TCP FIN"),
    ({**NETFLOW, "flags": 41, "bytes_in": 0}, "TCP Xmas"),
    ({**NETFLOW, "flags": 0, "bytes_in": 0}, "TCP NULL"),
    ({**NETFLOW, "flags": 27, "bytes_in": 900}, ANSWERED),
    ({**NETFLOW, "flags": 27, "bytes_in": 0}, NEITHER),
    ({**NETFLOW, "flags": 18, "bytes_in": 0}, NEITHER),
    ({**NETFLOW, "bytes_in": 0}, "TCP SYN"),
    ({"state": None, "packets_out": 900, "bytes_in": 0}, NEITHER),
    ({"proto": "icmp", "state": "OTH"}, NEITHER),
    ({"state": "S0", "port": 70_000}, NEITHER),
    ({"state": "S0", "port": -1}, NEITHER),
    ({"state": "S0", "port": None}, NEITHER),
    ({"state": "S0", "src": None}, NEITHER),
]


@pytest.mark.parametrize(("flow", "wanted"), CASES, ids=str)
def test_outcome(flow: dict[str, Any], wanted: str) -> None:
    kept = outcome(flows(**flow).select(("time", *REQUIRES, *USES))).collect()
    names = {bit: name for name, bit in KINDS.items()}
    got = NEITHER if not kept.height else names[kept["kind"][0]] if kept["probe"][0] else ANSWERED
    assert got == wanted


def test_inside_is_where_the_source_is_ours() -> None:
    events = pl.concat(flows(direction=d).select(("time", *REQUIRES, *USES)) for d in (None, 0, 1, 2, 3, 4))
    assert outcome(events).collect()["inside"].to_list() == [False, False, False, True, True, True]
