from __future__ import annotations

from vedette.app.engine import Engine
from vedette.app.evidence import SAMPLE
from vedette.config import Config
from vedette.detectors.port_scan_vertical import PortScanVertical
from vedette.events.batch import EventBatch
from vedette.testing.flows import flows


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
