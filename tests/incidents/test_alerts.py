from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.incidents.alerts import SAMPLE, gather
from vedette.incidents.correlate import correlate
from vedette.testing.events import random_events
from vedette.testing.made import finding

KIND = EventClass.DETECTION_FINDING
START = datetime(2026, 1, 1, tzinfo=UTC)


def alert(
    n: int, *, at: float = 0, source: str = "192.0.2.1", title: str = "ET SCAN Nmap", severity: int = 2
) -> dict[str, Any]:
    return {
        "time": START + timedelta(minutes=at),
        "metadata.log_provider": "suricata",
        "metadata.log_name": "eve.json",
        "metadata.sequence": n,
        "finding_info.title": title,
        "severity_id": severity,
        "src_endpoint.ip": source,
        "dst_endpoint.ip": "10.0.0.5",
    }


def batch(rows: list[dict[str, Any]]) -> EventBatch:
    return EventBatch(KIND, pl.DataFrame(rows, schema={c: SCHEMAS[KIND][c] for c in rows[0]}))


def test_alike_alerts_are_one_finding_that_counts_them() -> None:
    (found,) = gather([batch([alert(n, at=n, severity=2 + (n == 7)) for n in range(30)])])
    assert (found.title, found.detector, found.event_count, found.severity) == ("ET SCAN Nmap", "suricata", 30, 3)
    assert found.summary == "suricata says: ET SCAN Nmap, from 192.0.2.1 to 10.0.0.5; 30 alerts."
    assert (found.first_seen, found.last_seen) == (START, START + timedelta(minutes=29))
    assert [e.sequence for e in found.evidence] == list(range(SAMPLE))


def test_another_rule_source_or_time_is_another_finding() -> None:
    rows = [alert(0), alert(1, title="ET WEB"), alert(2, source="192.0.2.2"), alert(3, at=60)]
    assert len({f.uid for f in gather([batch(rows)])}) == 4


@settings(deadline=None)
@given(st.permutations(range(12)), st.integers(1, 11))
def test_order_and_split_of_the_rows_do_not_matter(order: list[int], cut: int) -> None:
    rows = [alert(n, at=7 * (n // 2), source=f"192.0.2.{n % 2}") for n in range(12)]
    shuffled = [rows[n] for n in order]
    assert gather([batch(shuffled[:cut]), batch(shuffled[cut:])]) == gather([batch(rows)])


def test_alerts_join_with_our_own_findings() -> None:
    ours = finding("192.0.2.1", "10.0.0.5", "T1110")
    theirs = gather([batch([alert(0) | {"time": ours.first_seen}])])
    assert len(correlate([ours, *theirs])) == 1


def test_nothing_gives_nothing_and_anything_gives_findings() -> None:
    assert gather([]) == []
    found = gather([random_events(KIND, n=200)])
    assert sum(f.event_count for f in found) == 200
