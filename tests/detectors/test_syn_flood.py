from __future__ import annotations

import pytest

from vedette.detectors.syn_flood import SynFlood
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows
from vedette.testing.rows import hits_of


def _forged(n: int) -> list[str]:
    return [f"198.{i % 250}.{i // 250}.{i % 241}" for i in range(n)]


CLIENTS = [f"203.0.113.{i % 200}" for i in range(6000)]

CASES: dict[str, tuple[tuple[EventBatch, ...], bool]] = {
    "forged sources, one port": ((flows(4000, every=0.005, src=_forged(4000), port=80, state="S0"),), True),
    "a twentieth of a second": ((flows(900, every=0.00005, src=_forged(900), port=30120, state="S0"),), True),
    "one source, one port": ((flows(3000, every=0.01, src="203.0.113.5", port=443, state="S0"),), True),
    "forged sources, random ports": (
        (flows(4000, every=0.005, src=_forged(4000), port=[1 + i * 7 % 60_000 for i in range(4000)], state="S0"),),
        True,
    ),
    "answered by SYN cookies": (
        (flows(4000, every=0.005, src=_forged(4000), port=80, state="S1", history="Sh"),),
        True,
    ),
    "flags only, as NetFlow": ((flows(4000, every=0.005, src=_forged(4000), port=80, state=None, flags=2),), True),
    "one flow of many SYNs": ((flows(1, seconds=50.0, port=80, state="S0", packets_out=90_000),), True),
    "amid good traffic": (
        (
            flows(600, every=0.05, src=CLIENTS[:600], port=443),
            flows(20_000, every=0.002, src=_forged(20_000), port=443, state="S0"),
        ),
        True,
    ),
    "busy and healthy": ((flows(6000, every=0.01, src=CLIENTS, port=443),), False),
    "busy, one in ten fails": (
        (
            flows(5400, every=0.011, src=CLIENTS[:5400], port=443),
            flows(600, every=0.1, src=CLIENTS[:600], port=443, state="S0"),
        ),
        False,
    ),
    "vertical scan": ((flows(5000, every=0.002, port=list(range(1, 5001)), state="REJ"),), False),
    "host down, five clients try again": (
        (flows(100, every=0.5, src=[f"10.0.0.{i % 5}" for i in range(100)], port=445, state="S0"),),
        False,
    ),
    "background noise of the internet": (
        (flows(60, every=1.0, src=_forged(60), port=[i * 11 for i in range(60)], state="S0"),),
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    batches, hostile = CASES[case]
    hits = hits_of(SynFlood, *batches)
    assert bool(hits.height) is hostile, hits.to_dicts()


def test_names_the_target_and_doubts_the_sources() -> None:
    hit = hits_of(SynFlood, *CASES["forged sources, one port"][0]).row(0, named=True)
    assert hit["target"] == "10.0.0.9"
    assert "may be forged" in hit["summary"]
    assert len(hit["peers"]) <= 8


def test_a_flood_that_leaves_our_network_is_called_outbound() -> None:
    batch = flows(4000, every=0.005, src="10.0.0.7", dst="203.0.113.80", port=80, state="S0", direction=2)
    assert hits_of(SynFlood, batch)["title"].to_list() == ["Outbound SYN flood"]
