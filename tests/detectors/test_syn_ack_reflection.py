from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.syn_ack_reflection import SynAckReflection
from vedette.detectors.tcp_flood import TcpFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of

VICTIM = "203.0.113.9"


def _servers(n: int) -> list[str]:
    return [f"198.{i % 250}.{i // 250}.{i % 241}" for i in range(n)]


def _turned(n: int, history: str = "^h", **also: object) -> EventBatch:
    """As Zeek records it: the SYN-ACK came first, so the victim is made the source."""
    given: dict[str, Any] = {"state": "OTH", "history": history, **also}
    return flows(n, every=0.001, src=VICTIM, dst=_servers(n), port=443, **given)


CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "turned round, as Zeek": ((_turned(2000, packets_out=0, packets_in=1),), True),
    "the victim resets": ((_turned(2000, "^hR", packets_out=1, packets_in=1),), True),
    "flags only": (
        (
            flows(
                2000, every=0.001, src=_servers(2000), dst=VICTIM, state=None, flags=0x12, packets_out=1, packets_in=0
            ),
        ),
        True,
    ),
    "cut at the start of a capture": ((_turned(5), flows(300, every=0.1, src=VICTIM, dst=_servers(300))), False),
    "ordinary browsing": ((flows(3000, every=0.01, src=VICTIM, dst=_servers(3000)),), False),
    "asymmetric route, data follows": ((_turned(2000, "^hadf", packets_out=0, packets_in=5),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(SynAckReflection, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()
    assert set(hits["target"]) <= {VICTIM}


def test_is_not_taken_for_another_flood() -> None:
    assert hits_of(TcpFlood, *CASES["turned round, as Zeek"][0]).is_empty()
