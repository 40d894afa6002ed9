from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.response.told import DTYPES, NAMED, SOURCES, told
from vedette.testing.events import random_events
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding


def test_an_incident() -> None:
    (row,) = told(incidents_batch([some_incident()])).rows(named=True)
    assert {k: v for k, v in row.items() if v is not None and k != "rest"} == {
        "uid": "i1",
        "title": "Password guessing by 198.51.100.7",
        "text": "198.51.100.7 did T1110.001 to 10.0.0.5.",
        "severity_id": 4,
        "status_id": 1,
        "activity_id": 1,
        "start": NOON,
        "end": NOON + timedelta(minutes=1),
        "count": 1,
        "confidence": 90,
        "src_ip": "198.51.100.7",
        "dst_ip": "10.0.0.5",
        "techniques": ["T1110.001"],
        "technique_names": ["Password Guessing"],
        "actors": ["198.51.100.7"],
        "targets": ["10.0.0.5"],
        "addresses": ["198.51.100.7", "10.0.0.5"],
        "hosts": [],
        "users": [],
        "kind": "incident",
        "class_name": "Incident Finding",
        "signature": "incident",
        "severity": "high",
        "status": "new",
        "risk": 0.8,
    }


def test_entities_of_every_kind_are_told_once() -> None:
    rows = told(findings_batch([finding("user:eve host:pc1", "domain:a.example file:x", "T1110"), finding("", "", "")]))
    assert rows.select("src_user", "src_host", "dst_ip", "domain", "file").rows() == [
        ("eve", "pc1", None, "a.example", "x"),
        (None, None, None, None, None),
    ]
    assert rows["actors"].to_list() == [["eve", "pc1"], None]
    assert rows["targets"].to_list() == [["a.example", "x"], None]


def test_many_are_cut() -> None:
    crowd = " ".join(f"10.0.0.{n}" for n in range(NAMED + 5))
    rows = told(findings_batch([finding("203.0.113.7", crowd, "T1110")]))
    assert rows["targets"].list.len().to_list() == [NAMED]


@pytest.mark.parametrize("kind", EventClass, ids=lambda kind: kind.name)
def test_every_class_has_the_same_columns(kind: EventClass) -> None:
    batch = random_events(kind, n=20)
    rows = told(batch)
    assert rows.height == len(batch)
    assert {c: rows.schema[c] for c in SOURCES} == {c: DTYPES.get(c, pl.String()) for c in SOURCES}
    never_null = ("title", "signature", "severity", "status", "kind", "class_name")
    assert rows.select(never_null).null_count().row(0) == (0,) * len(never_null)
    assert told(EventBatch(kind, batch.frame.clear())).height == 0


def test_what_a_flow_says() -> None:
    schema = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    values = {"time": [NOON], "src_endpoint.ip": ["10.0.0.1"], "dst_endpoint.port": [443], "severity_id": [9]}
    rows = told(EventBatch(EventClass.NETWORK_ACTIVITY, pl.DataFrame(values, schema={c: schema[c] for c in values})))
    assert rows.select("src_ip", "dst_port", "severity", "signature", "title", "kind", "start").row(0) == (
        "10.0.0.1",
        443,
        "unknown",
        "network_activity",
        "Network Activity",
        "event",
        NOON,
    )


def test_nothing_begins_after_its_end() -> None:
    schema = SCHEMAS[EventClass.EVENT_LOG]
    values = {"time": [NOON], "start_time": [NOON + timedelta(hours=1)]}
    rows = told(EventBatch(EventClass.EVENT_LOG, pl.DataFrame(values, schema={c: schema[c] for c in values})))
    assert rows.select("start", "end").row(0) == (NOON, NOON)


def test_what_is_no_json_has_no_risk() -> None:
    batch = incidents_batch([some_incident(), some_incident()])
    frame = batch.frame.with_columns(pl.Series("unmapped", ["{oops", '{"risk": "high"}']))
    assert told(EventBatch(batch.kind, frame))["risk"].to_list() == [None, None]
