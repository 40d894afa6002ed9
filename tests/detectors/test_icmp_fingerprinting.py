from __future__ import annotations

import pytest

from vedette.detectors.icmp_fingerprinting import IcmpFingerprinting
from vedette.events.batch import EventBatch
from vedette.model import Severity
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

ECHO, TIMESTAMP, INFORMATION, MASK, UNREACHABLE = 8, 13, 15, 17, 3


def asked(*kinds: int, n: int = 2, direction: int = 1) -> list[EventBatch]:
    return [
        flows(
            n,
            proto="icmp",
            sport=k,
            port=0,
            state="OTH",
            src="198.51.100.7",
            **{"connection_info.direction_id": direction},
        )
        for k in kinds
    ]


CASES: dict[str, tuple[list[EventBatch], bool]] = {
    "all four": (asked(ECHO, TIMESTAMP, INFORMATION, MASK), True),
    "two that nobody asks": (asked(INFORMATION, MASK, n=1), True),
    "time and mask": (asked(TIMESTAMP, MASK, n=1), True),
    "pings": (asked(ECHO, n=500), False),
    "the time alone": (asked(TIMESTAMP, n=500), False),
    "errors": (asked(UNREACHABLE, n=500), False),
}


@pytest.mark.parametrize("case", CASES)
def test_what_tells_a_tool(case: str) -> None:
    batches, hostile = CASES[case]
    assert bool(hits_of(IcmpFingerprinting, *batches).height) is hostile


def test_it_says_what_was_asked_and_weighs_by_side() -> None:
    outside = hits_of(IcmpFingerprinting, *asked(TIMESTAMP, MASK)).row(0, named=True)
    assert "timestamp, address mask" in outside["summary"]
    assert outside["severity"] == Severity.LOW
    inside = hits_of(IcmpFingerprinting, *asked(TIMESTAMP, MASK, direction=3)).row(0, named=True)
    assert inside["severity"] > Severity.LOW
