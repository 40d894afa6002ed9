from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import Any

import polars as pl
import pytest

from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.beacon import Beacon
from vedette.detectors.domain import Domain
from vedette.detectors.generated_domains import GeneratedDomains
from vedette.detectors.infected_host import InfectedHost
from vedette.events.batch import EventBatch
from vedette.incidents.correlate import correlate
from vedette.incidents.record import own_findings_batch
from vedette.model import Finding, Severity
from vedette.testing.events import START as LOOKUPS
from vedette.testing.flows import START as FLOWS
from vedette.testing.flows import flows
from vedette.testing.made import finding
from vedette.testing.names import lookups, random_names
from vedette.testing.rows import hits_of
from vedette.trust.evasions.domain_generators import WORDS

HOST, MASTER = "10.0.0.5", "203.0.113.9"


def seen(detector: str, score: float = 0.97, to: str = "", **changes: Any) -> Finding:  # noqa: ANN401 - any field
    techniques = changes.pop("techniques", "T1071")
    target = to or {"beacon": MASTER, "exfiltration": "198.51.100.3"}.get(detector, f"domain:{detector[0]}.example")
    return finding(
        HOST, target, techniques, **{"detector": detector, "score": score, "uid": f"{detector}{target}", **changes}
    )


def events(*findings: Finding) -> EventBatch:
    batch = own_findings_batch(findings)
    directed = batch.frame.with_columns(pl.lit(2, pl.Int32).alias("connection_info.direction_id"))
    return EventBatch(batch.kind, directed, records=0)


CASES: dict[str, tuple[list[Finding], bool]] = {
    "generated names, then a beacon": ([seen("generated_domains"), seen("beacon")], True),
    "a beacon, then data leaves for elsewhere": ([seen("beacon"), seen("exfiltration")], True),
    "a beacon, and it scans": ([seen("beacon"), seen("port_scan_horizontal", to="10.0.0.9")], True),
    "a beacon, a rare place, a hostile site": ([seen("beacon"), seen("new_and_rare"), seen("url")], True),
    "generated names alone, dead sure": ([seen("generated_domains", 1.0)], False),
    "a beacon alone": ([seen("beacon", 1.0)], False),
    "the same a hundred times": ([seen("beacon", to=f"203.0.113.{n}") for n in range(100)], False),
    "a beacon to an address and its name": ([seen("beacon"), seen("beacon_name"), seen("beacon_slow")], False),
    "one service that keeps time, gets much and is used by nobody else": (
        [seen(d, 0.9, to=MASTER) for d in ("beacon", "exfiltration", "new_and_rare", "long_connection")],
        False,
    ),
    "weak signs": ([seen("domain", 0.6), seen("url", 0.6), seen("new_and_rare", 0.6)], False),
    "a scanner": (
        [
            seen("port_scan_horizontal"),
            seen("remote_execution"),
            seen("service_exploit"),
            seen("foreign", techniques=""),
        ],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    findings, hostile = CASES[case]
    assert bool(hits_of(InfectedHost, events(*findings)).height) is hostile


def test_a_summary_and_reasons_name_every_sign() -> None:
    rows = hits_of(InfectedHost, events(seen("generated_domains"), seen("beacon", summary="It came back 700 times.")))
    assert rows["summary"].item() == (
        "10.0.0.5 shows 2 kinds of signs of an infection: it asks for names that a program made up; it keeps contact with a place "
        "outside, in a rhythm."
    )
    reasons = InfectedHost().reasons(rows)[0]
    assert [r.attribute for r in reasons] == ["names.nats", "contact.nats"]
    assert reasons[1].text == "it keeps contact with a place outside, in a rhythm (beacon): It came back 700 times."


def test_of_two_signs_about_one_place_the_weaker_counts_a_third() -> None:
    alike = [seen("beacon", 0.99, to=MASTER), seen("dns_tunnel", 0.8, to=MASTER)]
    apart = [seen("beacon", 0.99, to=MASTER), seen("dns_tunnel", 0.8)]
    rows = [hits_of(InfectedHost, events(*found)) for found in (alike, apart)]
    assert rows[0].height == 0
    assert rows[1]["score"].item() > 0.5


def test_it_brings_the_techniques_of_its_signs() -> None:
    rows = hits_of(
        InfectedHost,
        events(seen("generated_domains", techniques="T1568.002"), seen("beacon", severity=Severity.LOW)),
    )
    assert InfectedHost().attacks(rows) == [("T1568.002", "T1071")]


def asked(names: list[str], **how: Any) -> EventBatch:  # noqa: ANN401 - as ``lookups``
    """Return look-ups on the day of ``flows``."""
    batch = lookups(names, **how)
    return EventBatch(batch.kind, batch.frame.with_columns(pl.col("time") + (FLOWS - LOOKUPS)), batch.records)


def test_a_bot_in_a_network_is_one_incident_and_its_neighbours_are_none() -> None:
    """Through the engine: it asks for generated names, finds its master, and keeps contact; others browse."""
    engine = Engine(Config(), [Beacon, Domain, GeneratedDomains, InfectedHost])
    for n in range(2, 12):
        neighbour = f"10.0.0.{n + 10}"
        engine.feed(flows(40, every=900.0 + 37 * n, src=neighbour, dst=f"198.51.100.{n}", port=443, direction=2))
        engine.feed(asked([f"www.{w}.com" for w in WORDS[n : n + 20]], src=neighbour))
    engine.feed(asked(random_names(60), rcode=3))
    chance = Random(5)
    at = accumulate((chance.uniform(40, 80) for _ in range(300)), initial=600.0)
    for n, seconds in enumerate(at):
        engine.feed(flows(1, at=seconds, dst=MASTER, sport=50_000 + n, port=8081, direction=2, bytes_out=400))
    outcome = engine.close()
    engine.spool.close()
    judged = [f for f in outcome.findings if f.detector == "infected_host"]
    assert [f.actors[0].value for f in judged] == [HOST]
    assert judged[0].evidence
    incidents = correlate(outcome.findings)
    assert len(incidents) == 1
    assert incidents[0].title.startswith(f"{HOST} looks infected")
    assert {"beacon", "generated_domains", "infected_host"} <= {f.detector for f in incidents[0].findings}
    assert incidents[0].next_steps[0].startswith(f"Take {HOST} off the network")
