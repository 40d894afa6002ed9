from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.features.infected_host import InfectedHost
from vedette.incidents.record import own_findings_batch
from vedette.model import Finding, Severity
from vedette.testing.made import finding
from vedette.testing.rows import rows_of

HOST, MASTER = "10.0.0.5", "203.0.113.9"


def seen(detector: str, score: float = 0.9, actor: str = HOST, to: str = MASTER, **changes: Any) -> Finding:  # noqa: ANN401
    techniques = changes.pop("techniques", "T1071")
    return finding(actor, to, techniques, **{"detector": detector, "score": score, "uid": f"{detector}{to}", **changes})


def events(*findings: Finding, direction: int = 2) -> EventBatch:
    """Return findings as the engine hands them on: with the direction."""
    batch = own_findings_batch(findings)
    directed = batch.frame.with_columns(pl.lit(direction, pl.Int32).alias("connection_info.direction_id"))
    return EventBatch(batch.kind, directed, records=0)


def row(*findings: Finding, **changes: int) -> dict[str, Any]:
    return rows_of(InfectedHost, events(*findings, **changes)).row(0, named=True)


def test_of_each_kind_the_best_finding_counts() -> None:
    found = row(
        seen("beacon", 0.6, to="203.0.113.1"), seen("beacon_name", 0.8, to="domain:a.example"), seen("url", 0.7)
    )
    assert found["contact.detector"] == "beacon_name"
    assert found["contact.to"] == "a.example"
    assert found["contact.nats"] == pytest.approx(3.0 + math.log(0.8 / 0.2))
    assert found["sites.nats"] == pytest.approx(math.log(0.7 / 0.3))
    assert found["tunnel.nats"] is None
    assert found["event_count"] == 3


def test_a_sign_has_its_bound() -> None:
    assert row(seen("url", 1.0))["sites.nats"] == pytest.approx(2.5)


def test_a_weak_finding_is_no_sign() -> None:
    assert rows_of(InfectedHost, events(seen("url", 0.3))).height == 0


def test_an_unknown_detector_counts_by_its_tactic_or_a_little() -> None:
    found = row(seen("new_one", 0.6, techniques="T1573.001"), seen("another", 0.6, techniques=""))
    assert found["contact.detector"] == "new_one"
    assert found["alerts.detector"] == "another"


def test_the_row_spans_the_findings() -> None:
    early, late = seen("beacon", at=0, lasts=60), seen("url", at=90, lasts=5, to="domain:b.example")
    found = row(early, late)
    assert found["first_seen"] == early.first_seen
    assert found["last_seen"] == late.last_seen


@pytest.mark.parametrize(
    ("finding_", "direction"),
    [
        (seen("beacon"), 1),  # by somebody outside
        (seen("beacon"), 0),
        (seen("beacon", actor=f"{HOST} 10.0.0.6"), 2),  # several actors
        (seen("beacon", actor="user:bob"), 2),
        (seen("port_scan_vertical", severity=Severity.INFORMATIONAL), 3),  # an own scanner
    ],
)
def test_what_does_not_count(finding_: Finding, direction: int) -> None:
    assert rows_of(InfectedHost, events(finding_, direction=direction)).height == 0


def test_a_long_connection_counts_though_it_is_informational() -> None:
    assert row(seen("long_connection", severity=Severity.INFORMATIONAL))["odd.nats"] > 0


def test_days_stay_apart() -> None:
    later = timedelta(days=1) / timedelta(minutes=1)
    assert rows_of(InfectedHost, events(seen("beacon"), seen("url", at=later))).height == 2


def test_its_targets_get_no_row() -> None:
    rows = rows_of(InfectedHost, events(seen("port_scan_vertical", to="10.0.0.9")))
    assert rows["vedette.entity"].to_list() == [HOST]
