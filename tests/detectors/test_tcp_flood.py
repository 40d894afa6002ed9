from __future__ import annotations

import pytest

from vedette.detectors.syn_flood import SynFlood
from vedette.detectors.tcp_flood import TcpFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def _forged(n: int) -> list[str]:
    return [f"198.{i % 250}.{i // 250}.{i % 241}" for i in range(n)]


ACKS = flows(3000, every=0.005, src=_forged(3000), port=443, state="OTH", history="A", packets_in=0)

CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "ACK flood": ((ACKS,), True),
    "RST flood": ((flows(3000, every=0.005, src=_forged(3000), port=443, state="RSTOS0", packets_in=0),), True),
    "open before the capture began": (
        (
            flows(20, every=0.1, src=_forged(20), state="OTH", history="DA", packets_in=0),
            flows(400, every=0.1, src=_forged(400)),
        ),
        False,
    ),
    "both ways, without a beginning": (
        (flows(3000, every=0.005, src=_forged(3000), state="OTH", history="DdAa", packets_in=3),),
        False,
    ),
    "busy and healthy": ((flows(6000, every=0.01, src=_forged(6000)),), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(TcpFlood, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_is_no_syn_flood() -> None:
    assert hits_of(SynFlood, ACKS).is_empty()
