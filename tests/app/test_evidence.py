from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from vedette.app.engine import Engine
from vedette.app.evidence import SAMPLE, attach
from vedette.app.findings import Case
from vedette.config import Config
from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.events.batch import EventBatch
from vedette.features.flow_pair import FlowPair
from vedette.store.spool import Spool
from vedette.testing.flows import START, flows
from vedette.testing.made import finding


def _scan(src: str, at: float, n: int = 200) -> EventBatch:
    made = flows(n, every=0.01, at=at, src=src, dst="10.0.0.5", port=list(range(1, n + 1)), state="S0")
    return EventBatch(made.kind, made.frame.drop("metadata.log_name"))


def test_evidence_is_of_that_actor_and_that_time_whatever_the_batches() -> None:
    engine = Engine(Config(), [PortScanVertical])
    batches = [_scan("198.51.100.9", 0), _scan("198.51.100.8", 1), _scan("198.51.100.9", 30_000 * 6)]
    for number, batch in enumerate(batches):
        for part in batch.frame.iter_slices(37):
            engine.feed(EventBatch(batch.kind, part), f"log{number}")
    outcome = engine.close()
    engine.spool.close()
    got = [
        (f.actors[0].value, f.event_count, {e.log_name for e in f.evidence}, len(f.evidence)) for f in outcome.findings
    ]
    assert got == [
        ("198.51.100.9", 200, {"log0"}, SAMPLE),
        ("198.51.100.8", 200, {"log1"}, SAMPLE),
        ("198.51.100.9", 200, {"log2"}, SAMPLE),
    ]
    for found in outcome.findings:
        rows = outcome.evidence[found.uid]
        assert [r["time"] for r in rows] == sorted(r["time"] for r in rows)
        assert {r["src_endpoint.ip"] for r in rows} == {found.actors[0].value}


KEY = {"src_endpoint.ip": "198.51.100.9", "dst_endpoint.ip": "10.0.0.5"}


def _case(uid: str, since: float, seconds: float) -> Case:
    start = START + timedelta(seconds=since)
    return Case(finding("a", "b", "T1046", uid=uid), KEY, start, *[start + timedelta(seconds=seconds)] * 2)


def test_two_events_of_one_record_are_told_apart() -> None:
    inner = flows(3, every=1, src="198.51.100.9", dst="10.0.0.5", state="S0")
    outer = flows(3, every=1, src="192.0.2.1", dst="192.0.2.2", state="S0")
    spool = Spool(1 << 30)
    spool.add(EventBatch(inner.kind, pl.concat([outer.frame, inner.frame])))
    (case,), samples = attach(FlowPair(), [_case("one", 0, 60)], spool)
    assert [e.sequence for e in case.finding.evidence] == [0, 1, 2]
    assert {r["src_endpoint.ip"] for r in samples["one"]} == {"198.51.100.9"}


def test_where_findings_are_many_each_shows_fewer_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vedette.app.evidence.SAMPLES", 60)
    spool, n = Spool(1 << 30), 30
    spool.add(flows(n * 3, every=1, src="198.51.100.9", dst="10.0.0.5", state="S0"))
    cases, samples = attach(FlowPair(), [_case(str(i), 3 * i, 3) for i in range(n)], spool)
    assert {(c.finding.event_count, len(c.finding.evidence), len(samples[c.finding.uid])) for c in cases} == {(3, 2, 2)}


def test_a_long_stretch_is_looked_through_though_a_short_one_began_later() -> None:
    spool = Spool(1 << 30)
    spool.add(flows(100, every=1, src="198.51.100.9", dst="10.0.0.5", state="S0"))
    cases = [_case("long", 0, 90), _case("short", 10, 2), _case("none", 500, 60)]
    counts = [c.finding.event_count for c in attach(FlowPair(), cases, spool)[0]]
    spool.close()
    assert counts[:2] == [90, 2]
    assert counts[2] == cases[2].finding.event_count
