from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from vedette.app import meters
from vedette.app.meters import STAGES, Meters
from vedette.model import Severity


def told(of: Meters) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (s.name, tuple(v for k, v in sorted(s.labels.items()) if k != "le")): s.value
        for family in text_string_to_metric_families(of.text().decode())
        for s in family.samples
        if not s.name.endswith("_bucket")
    }


def test_everything_that_is_counted_is_told() -> None:
    of = Meters()
    of.events("dns_activity", 7)
    of.events("dns_activity", 3)
    of.rejects(2)
    of.chunk("tail", 100)
    of.dropped("syslog", 5)
    of.shed("flow_anomaly")
    of.finding("beacon", 2)
    of.incident(Severity.HIGH)
    of.delivery("splunk", "sent", 4)
    of.action("block_address", "in force")
    of.answer(200)
    of.answer(204)
    of.answer(429)
    found = told(of)
    assert found["vedette_answers_total", ("2xx",)] == 2
    assert found["vedette_answers_total", ("4xx",)] == 1
    assert found["vedette_events_total", ("dns_activity",)] == 10
    assert found["vedette_rejects_total", ()] == 2
    assert found["vedette_chunks_total", ("tail",)] == 1
    assert found["vedette_chunk_bytes_total", ("tail",)] == 100
    assert found["vedette_dropped_total", ("syslog",)] == 5
    assert found["vedette_shed_total", ("flow_anomaly",)] == 1
    assert found["vedette_findings_total", ("beacon",)] == 2
    assert found["vedette_incidents_total", ("high",)] == 1
    assert found["vedette_deliveries_total", ("sent", "splunk")] == 4
    assert found["vedette_actions_total", ("block_address", "in force")] == 1


def test_gauges_hold_the_last_value() -> None:
    of = Meters()
    of.backlog(10, 2.5)
    of.backlog(4, 0.5)
    of.provisional(3)
    of.budget(20)
    of.watermark(datetime(2026, 1, 1, tzinfo=UTC))
    found = told(of)
    assert found["vedette_backlog_bytes", ()] == 4
    assert found["vedette_lag_seconds", ()] == 0.5
    assert found["vedette_provisional_findings", ()] == 3
    assert found["vedette_budget_alerts_per_day", ()] == 20
    assert found["vedette_watermark_seconds", ()] == 1_767_225_600
    assert 10e6 < found["vedette_memory_bytes", ()] < 100e9


def test_stages_are_there_before_anything_happened() -> None:
    of = Meters()
    assert {labels[0] for name, labels in told(of) if name == "vedette_latency_seconds_count"} == set(STAGES)
    of.took("whole", 0.2)
    of.took("whole", 3.0)
    of.checkpoint(0.5)
    found = told(of)
    assert found["vedette_latency_seconds_count", ("whole",)] == 2
    assert found["vedette_latency_seconds_sum", ("whole",)] == pytest.approx(3.2)
    assert found["vedette_checkpoint_seconds_count", ()] == 1
    assert b'vedette_latency_seconds_bucket{le="0.25",stage="whole"} 1.0' in of.text()


def test_nothing_is_told_twice() -> None:
    of = Meters()
    of.events("x", 1)
    assert b"_created" not in of.text()


def test_two_services_do_not_add_up() -> None:
    one, other = Meters(), Meters()
    one.rejects(3)
    assert told(other)["vedette_rejects_total", ()] == 0


def test_no_count_is_lost_between_threads() -> None:
    of = Meters()

    def count() -> None:
        for _ in range(2000):
            of.events("x", 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert told(of)["vedette_events_total", ("x",)] == 8000


def test_memory_is_zero_where_the_system_does_not_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meters, "_MEMORY", tmp_path / "none")
    assert meters.resident_bytes() == 0
